import { runBounded } from '../process/run-bounded.ts';
import type { SandboxMount } from './sandbox.ts';

/** What both kinds of isolation need to know about one run. */
export interface IsolatedCommand {
  readonly root: string;
  readonly mounts: readonly SandboxMount[];
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  readonly command: readonly string[];
  readonly user: { readonly uid: number; readonly gid: number };
  /** Size of the memory-backed /tmp. */
  readonly tmpBytes: number;
  /** Whether `/` itself may be written (a throwaway root). */
  readonly rootWritable?: boolean;
}

export interface BubblewrapOptions {
  readonly program: string;
  /** `--disable-userns` and `--size`: from 0.8.0. */
  readonly disableUserns: boolean;
}

const known = new Map<string, Promise<BubblewrapOptions>>();

/** Reads from `bwrap --help` which of the options that we want this version has; asked once per process. */
export function bubblewrapOptions(program: string): Promise<BubblewrapOptions> {
  const options = known.get(program) ?? readOptions(program);
  known.set(program, options);
  return options;
}

async function readOptions(program: string): Promise<BubblewrapOptions> {
  const help = await runBounded({
    command: [program, '--help'],
    env: {},
    timeoutSeconds: 8,
    outputBytesMax: 65_536,
    onOverflow: 'tail',
  });
  const text = new TextDecoder().decode(help.stdout) + new TextDecoder().decode(help.stderr);
  return { program, disableUserns: text.includes('--disable-userns') };
}

/** The command line that runs a command isolated by bubblewrap (bwrap(1)); works for root and for ordinary users. */
export function bubblewrapCommand(options: BubblewrapOptions, run: IsolatedCommand): readonly string[] {
  return [
    options.program,
    ...ALWAYS,
    ...(options.disableUserns ? ['--disable-userns'] : []),
    '--uid',
    String(run.user.uid),
    '--gid',
    String(run.user.gid),
    run.rootWritable === true ? '--bind' : '--ro-bind',
    run.root,
    '/',
    ...(options.disableUserns ? ['--size', String(run.tmpBytes)] : []),
    ...FILE_SYSTEMS,
    ...READ_ONLY_PROC.flatMap((path) => ['--ro-bind-try', path, path]),
    ...run.mounts.flatMap((mount) => [mount.writable ? '--bind' : '--ro-bind', mount.from, mount.to]),
    ...Object.entries(run.env).flatMap(([name, value]) => ['--setenv', name, value]),
    '--chdir',
    run.cwd,
    '--',
    ...run.command,
  ];
}

const ALWAYS =
  '--unshare-all --unshare-user --cap-drop ALL --die-with-parent --new-session --clearenv --hostname build'.split(' ');
const FILE_SYSTEMS = '--tmpfs /tmp --proc /proc --dev /dev'.split(' ');

/**
 * Runs started by root belong to root outside as well, and root owns the kernel's settings: bubblewrap 0.8 covers
 * these only where the folder itself looks writable. The list is runc's (OCI runtime-spec config-linux.md "readonlyPaths").
 */
const READ_ONLY_PROC = ['/proc/bus', '/proc/fs', '/proc/irq', '/proc/sys', '/proc/sysrq-trigger'];
