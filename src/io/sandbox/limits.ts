import { readdir, stat } from 'node:fs/promises';
import { findProgram } from './find-program.ts';

export interface ResourceLimits {
  readonly memoryBytes: number;
  readonly processesMax: number;
}

/** No single file grows beyond this: a runaway log fills no disk. */
const FILE_BYTES_MAX = 8 * 1024 ** 3;

/**
 * The `prlimit` words that bound each process (setrlimit(2)): private memory through RLIMIT_DATA, because programs
 * such as node reserve far more addresses than they use. Empty where util-linux's prlimit is missing.
 */
export async function prlimitWords(limits: ResourceLimits): Promise<readonly string[]> {
  const program = await findProgram('prlimit');
  if (program === undefined) return [];
  const processes = (await processesOfThisUser()) + limits.processesMax;
  return [
    program,
    `--data=${limits.memoryBytes}`,
    `--nproc=${processes}`,
    `--fsize=${FILE_BYTES_MAX}`,
    '--core=0',
    '--',
  ];
}

/** RLIMIT_NPROC counts whatever the user already runs. */
async function processesOfThisUser(): Promise<number> {
  const uid = process.getuid?.() ?? 0;
  const names = (await readdir('/proc').catch(() => [])).filter((name) => /^\d+$/.test(name));
  const counts = await Promise.all(names.map((name) => threadsOf(`/proc/${name}`, uid)));
  return counts.reduce((sum, count) => sum + count, 0);
}

async function threadsOf(folder: string, uid: number): Promise<number> {
  try {
    if ((await stat(folder)).uid !== uid) return 0;
    return (await stat(`${folder}/task`)).nlink - 2;
  } catch {
    return 0; // it ended meanwhile
  }
}
