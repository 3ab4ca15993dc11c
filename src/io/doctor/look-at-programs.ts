import { runBounded } from '../process/run-bounded.ts';
import { findProgram } from '../sandbox/find-program.ts';
import { runsHere } from '../sandbox/runs-here.ts';
import { absent, fails, works } from './check.ts';
import type { Finding } from './check.ts';

const NODE_MAJOR = 26;
/** `--end-of-options` and per-call fsync settings. */
const GIT_OLDEST = [2, 36] as const;

export async function lookAtNode(): Promise<Finding> {
  const { version } = process;
  if (Number(process.versions.node.split('.')[0]) >= NODE_MAJOR) return works(version);
  return fails(`${version} is too old`, `npm start, which brings Node ${NODE_MAJOR}`);
}

export async function lookAtGit(): Promise<Finding> {
  const said = await firstLine('git', ['--version']);
  if (said === undefined) return fails('not installed', 'apt-get install git, or the same of your system');
  const [, major, minor] = /(\d+)\.(\d+)/.exec(said) ?? [];
  const [oldestMajor, oldestMinor] = GIT_OLDEST;
  const newEnough = Number(major) > oldestMajor || (Number(major) === oldestMajor && Number(minor) >= oldestMinor);
  if (newEnough) return works(said.replace('git version ', ''));
  return fails(`${said} is too old`, `install git ${GIT_OLDEST.join('.')} or newer`);
}

/** Programs of the other architecture: built here in any case, tested here only with an emulator. */
export async function lookAtEmulator(): Promise<Finding> {
  const other = process.arch === 'arm64' ? 'amd64' : 'arm64';
  if (runsHere(other)) return works(`${other} programs run here`);
  return absent(`${other} programs do not run here: their tests are left out (qemu-user-static would run them)`);
}

export async function lookAtTool(name: string, use: string): Promise<Finding> {
  const said = await firstLine(name, ['--version']);
  return said === undefined ? absent(`not installed, not needed: ${use}`) : works(said);
}

async function firstLine(name: string, args: readonly string[]): Promise<string | undefined> {
  const program = await findProgram(name);
  if (program === undefined) return undefined;
  const run = await runBounded({
    command: [program, ...args],
    env: { PATH: process.env['PATH'] ?? '', HOME: '/nonexistent', LC_ALL: 'C' },
    timeoutSeconds: 8,
    outputBytesMax: 65_536,
    onOverflow: 'tail',
  });
  return new TextDecoder().decode(run.stdout).trim().split('\n')[0] || 'installed';
}
