import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Failure } from '../../core/failure.ts';
import { runBounded } from '../process/run-bounded.ts';
import { bubblewrapCommand, bubblewrapOptions } from './bubblewrap.ts';
import { cgroupsAreOurs } from './cgroup.ts';
import { findProgram } from './find-program.ts';
import type { Isolation, IsolationKind, SandboxLimits } from './sandbox.ts';
import { EXEC_FAILED, unshareCommand } from './unshare.ts';

let detected: Promise<Isolation> | undefined;

/**
 * Finds the strongest isolation that truly works here, by running something in it. `SUTURE_ISOLATION` forces one
 * (E0403 when that one does not work). Looked up once per process.
 */
export function detectIsolation(): Promise<Isolation> {
  detected ??= detect(process.env['SUTURE_ISOLATION']);
  return detected;
}

/** The same, without memory, for one forced kind (undefined = the strongest that works). */
export async function detect(forced: string | undefined): Promise<Isolation> {
  if (forced !== undefined && forced !== '' && !isKind(forced)) {
    throw new Failure('E0403', `SUTURE_ISOLATION=${forced} is not known`, {
      hint: 'use bubblewrap, unshare or none',
    });
  }
  const troubles: string[] = [];
  for (const kind of forced ? [forced as IsolationKind] : (['bubblewrap', 'unshare', 'none'] as const)) {
    const trouble = await probes[kind]();
    if (trouble === null) return { kind, detail: await describe(kind, troubles), limits: await limitsOf(kind) };
    troubles.push(`${kind}: ${trouble}`);
  }
  throw new Failure('E0403', `The isolation asked for does not work here: ${troubles.join('; ')}`, {
    hint: 'install bubblewrap and allow unprivileged user namespaces, or unset SUTURE_ISOLATION',
  });
}

function isKind(text: string): text is IsolationKind {
  return Object.hasOwn(probes, text);
}

/** Null when it works, else why not. */
const probes: Readonly<Record<IsolationKind, () => Promise<string | null>>> = {
  bubblewrap: probeBubblewrap,
  unshare: probeUnshare,
  none: async () => null,
};

async function probeBubblewrap(): Promise<string | null> {
  const program = await findProgram('bwrap');
  if (program === undefined) return 'bwrap is not installed';
  const options = await bubblewrapOptions(program);
  const command = bubblewrapCommand(options, {
    root: '/',
    mounts: [],
    cwd: '/',
    env: {},
    command: ['/bin/sh', '-c', ':'],
    user: { uid: 1000, gid: 1000 },
    tmpBytes: 1 << 20,
  });
  return whyNot(command, 0);
}

async function probeUnshare(): Promise<string | null> {
  for (const program of ['unshare', 'setpriv', 'mount', 'sh']) {
    if ((await findProgram(program)) === undefined) return `${program} is not installed`;
  }
  const root = await mkdtemp(join(tmpdir(), 'suture-probe-'));
  try {
    for (const name of ['root', 'mount', 'root/proc', 'root/dev', 'root/tmp']) await mkdir(join(root, name));
    // the root is empty: everything up to starting the program must work, and starting it must not
    const place = { program: (await findProgram('unshare')) ?? 'unshare', mountPoint: join(root, 'mount') };
    const command = unshareCommand(place, {
      root: join(root, 'root'),
      mounts: [],
      cwd: '/',
      env: {},
      command: ['/probe'],
      user: { uid: 1000, gid: 1000 },
      tmpBytes: 1 << 20,
    });
    return await whyNot(command, EXEC_FAILED);
  } finally {
    await rm(root, { recursive: true, force: true });
  }
}

async function whyNot(command: readonly string[], expectedExitCode: number): Promise<string | null> {
  const run = await runBounded({
    command,
    env: { PATH: process.env['PATH'] ?? '' },
    timeoutSeconds: 8,
    outputBytesMax: 4096,
    onOverflow: 'tail',
  });
  if (run.exitCode === expectedExitCode) return null;
  if (run.killedBy === 'timeout') return 'did not answer within 8 s';
  const said = new TextDecoder().decode(run.stderr).trim().split('\n')[0] ?? '';
  return said === '' ? `exit code ${run.exitCode}` : said;
}

async function describe(kind: IsolationKind, troubles: readonly string[]): Promise<string> {
  const program = kind === 'bubblewrap' ? await findProgram('bwrap') : undefined;
  const options = program === undefined ? undefined : await bubblewrapOptions(program);
  const nested = options?.disableUserns === true ? 'no nested namespaces' : 'but nested namespaces: older than 0.8';
  const sentences = {
    bubblewrap: `bubblewrap: own namespaces, no network, no capabilities, ${nested}`,
    unshare: 'unshare: own namespaces and chroot, no network, no capabilities, no nested namespaces',
    none: 'none: commands run on the host as this user, with its network and files',
  };
  return [sentences[kind], ...troubles.map((trouble) => `(${trouble})`)].join(' ');
}

async function limitsOf(kind: IsolationKind): Promise<SandboxLimits> {
  const cgroup = await cgroupsAreOurs();
  const prlimit = (await findProgram('prlimit')) !== undefined;
  // the kernel does not count root's processes (RLIMIT_NPROC, getrlimit(2))
  const perUser = prlimit && process.getuid?.() !== 0;
  return {
    memory: cgroup.memory ? 'cgroup' : prlimit ? 'per-process' : 'none',
    processes: cgroup.pids ? 'cgroup' : perUser ? 'per-user' : 'none',
    time: kind === 'none' ? 'group' : 'tree',
  };
}
