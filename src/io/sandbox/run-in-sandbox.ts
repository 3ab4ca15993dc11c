import { mkdtemp, rm, rmdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Failure } from '../../core/failure.ts';
import { invariant } from '../../core/invariant.ts';
import { runBounded } from '../process/run-bounded.ts';
import type { RunOutcome } from '../process/run-bounded.ts';
import { bubblewrapCommand, bubblewrapOptions } from './bubblewrap.ts';
import type { IsolatedCommand } from './bubblewrap.ts';
import { makeRunCgroup } from './cgroup.ts';
import { detectIsolation } from './detect-isolation.ts';
import { findProgram } from './find-program.ts';
import { hostCommand } from './host-command.ts';
import { prlimitWords } from './limits.ts';
import { overlayWords } from './mount-overlay.ts';
import { ensureMountPoints } from './mount-points.ts';
import { layRoot } from './overlay.ts';
import type { Isolation, SandboxResult, SandboxRun } from './sandbox.ts';
import { unshareCommand } from './unshare.ts';

const PROCESSES_MAX = 512;

/** Uid 0 would keep the capability to change its root, which util-linux alone cannot take away. */
const NOBODY = { uid: 65534, gid: 65534 };

/**
 * Runs one command with `root` as its whole world: no network, no capabilities, nothing of the host but the mounts.
 * Any end of the command is an answer; E0403 when the sandbox itself cannot be set up.
 */
export async function runInSandbox(run: SandboxRun, isolation?: Isolation): Promise<SandboxResult> {
  const { kind } = isolation ?? (await detectIsolation());
  checkRun(run);
  const scratch = await mkdtemp(join(tmpdir(), 'suture-sandbox-'));
  const limits = { ...run, processesMax: run.processesMax ?? PROCESSES_MAX };
  const cgroup = await makeRunCgroup(limits);
  try {
    const { root, words } = kind === 'none' ? { root: run.root, words: [] } : await rootSeen(run, scratch);
    const command = await isolatedCommand(kind, scratch, {
      root,
      rootWritable: run.overlay?.writable ?? false,
      mounts: run.mounts,
      cwd: run.cwd,
      env: run.env,
      command: run.command,
      user: run.user ?? { uid: 1000, gid: 1000 },
      tmpBytes: run.memoryBytes,
    });
    const outcome = await runBounded({
      command: [...joinWords(cgroup?.join ?? []), ...(await prlimitWords(limits)), ...words, ...command.words],
      env: { PATH: process.env['PATH'] ?? '/usr/bin:/bin', ...command.env },
      ...(command.cwd === undefined ? {} : { cwd: command.cwd }),
      timeoutSeconds: run.timeoutSeconds,
      outputBytesMax: run.outputBytesMax,
      onOverflow: 'tail',
    });
    return resultOf(outcome, kind, (await cgroup?.outOfMemory()) ?? false);
  } catch (cause) {
    if (cause instanceof Failure) throw cause;
    throw new Failure('E0403', `The sandbox could not be set up for ${run.command[0]}`, {
      cause,
      hint: 'suture doctor says what works here',
    });
  } finally {
    await cgroup?.remove();
    await removeScratch(scratch);
  }
}

function checkRun(run: SandboxRun): void {
  invariant(run.command.length > 0, 'a sandboxed run has a command');
  invariant(run.timeoutSeconds > 0 && run.memoryBytes > 0, 'a sandboxed run has limits');
  for (const mount of run.mounts) invariant(/^\/[^.]/.test(mount.to), `${mount.to} is an absolute path inside`);
  for (const name of Object.keys(run.env)) invariant(/^[A-Za-z_][A-Za-z0-9_]*$/.test(name), `${name} names a variable`);
}

/** The root with what is laid over it, and the words that make it so for the words that follow them. */
async function rootSeen(
  { root, overlay, mounts }: SandboxRun,
  scratch: string,
): Promise<{ readonly root: string; readonly words: readonly string[] }> {
  if (overlay === undefined) return { root, words: [] };
  const at = join(scratch, 'root');
  if (!overlay.writable) {
    // A mount is read-only, so what later mounts need is in it before.
    await ensureMountPoints(overlay.folder, mounts);
    const words = await overlayWords(root, overlay.folder, at);
    if (words !== undefined) return { root: at, words };
  }
  return { root: await layRoot(root, overlay, at), words: [] };
}

interface HostWords {
  readonly words: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
}

async function isolatedCommand(kind: Isolation['kind'], scratch: string, run: IsolatedCommand): Promise<HostWords> {
  switch (kind) {
    case 'bubblewrap': {
      await ensureMountPoints(run.root, run.mounts);
      const options = await bubblewrapOptions(await programNamed('bwrap'));
      return { words: bubblewrapCommand(options, run) };
    }
    case 'unshare': {
      await ensureMountPoints(run.root, run.mounts);
      const place = { program: await programNamed('unshare'), mountPoint: await mkdtemp(join(scratch, 'at-')) };
      return { words: unshareCommand(place, { ...run, user: run.user.uid === 0 ? NOBODY : run.user }) };
    }
    case 'none':
      return hostCommand(run);
  }
}

async function programNamed(name: string): Promise<string> {
  const program = await findProgram(name);
  if (program === undefined) throw new Failure('E0403', `${name} is not installed`, { hint: 'suture doctor' });
  return program;
}

/** Puts itself into the groups, then becomes the rest of the words. */
function joinWords(files: readonly string[]): readonly string[] {
  if (files.length === 0) return [];
  const script = 'set -e; while [ "$1" != -- ]; do echo $$ >"$1"; shift; done; shift; exec "$@"';
  return ['/bin/sh', '-c', script, 'join', ...files, '--'];
}

function resultOf(outcome: RunOutcome, isolation: Isolation['kind'], outOfMemory: boolean): SandboxResult {
  const text = new TextDecoder();
  const killedBy =
    outcome.killedBy === 'timeout' ? 'timeout' : outOfMemory ? 'memory' : outcome.signal ? 'signal' : null;
  return {
    exitCode: killedBy === 'timeout' ? null : outcome.exitCode,
    stdout: text.decode(outcome.stdout),
    stderr: text.decode(outcome.stderr),
    droppedBytes: outcome.droppedBytes,
    killedBy,
    seconds: outcome.seconds,
    isolation,
  };
}

async function removeScratch(scratch: string): Promise<void> {
  await rm(scratch, { recursive: true, force: true }).catch(() => rmdir(scratch).catch(() => {}));
}
