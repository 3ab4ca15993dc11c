import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { Tail } from './tail.ts';

export interface BoundedRun {
  /** Program and arguments; no shell reads them. */
  readonly command: readonly string[];
  readonly cwd?: string;
  /** The whole environment: nothing is inherited. */
  readonly env: Readonly<Record<string, string>>;
  readonly stdin?: Uint8Array;
  readonly timeoutSeconds: number;
  /** For stdout and stderr each. */
  readonly outputBytesMax: number;
  /** More output than the bound: `kill` ends the run (answers must be whole), `tail` keeps the last bytes (logs). */
  readonly onOverflow: 'kill' | 'tail';
}

export interface RunOutcome {
  /** Null when a signal ended it. */
  readonly exitCode: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: Uint8Array;
  readonly stderr: Uint8Array;
  /** Bytes that fell out of the tails. */
  readonly droppedBytes: number;
  readonly killedBy: 'timeout' | 'output' | null;
  readonly seconds: number;
}

/** How long pipes may stay open after the program ended, held by something that left its process group. */
const LINGER_MS = 500;

/**
 * Runs a program without a shell, in a process group of its own that is killed as a whole at the time limit.
 * Any exit code is an answer. Rejects only when the program cannot be started (ENOENT, EACCES).
 */
export function runBounded(run: BoundedRun): Promise<RunOutcome> {
  const [program, ...args] = run.command;
  const started = performance.now();
  const child = spawn(program ?? '', args, {
    env: { ...run.env },
    detached: true,
    stdio: ['pipe', 'pipe', 'pipe'],
    ...(run.cwd === undefined ? {} : { cwd: run.cwd }),
  });
  let killedBy: RunOutcome['killedBy'] = null;
  const kill = (reason: 'timeout' | 'output') => {
    killedBy ??= reason;
    killGroup(child);
  };
  const overflow = run.onOverflow === 'kill' ? () => kill('output') : () => {};
  const stdout = new Tail(run.outputBytesMax, overflow);
  const stderr = new Tail(run.outputBytesMax, overflow);
  child.stdout.on('data', (bytes: Uint8Array) => stdout.push(bytes));
  child.stderr.on('data', (bytes: Uint8Array) => stderr.push(bytes));
  child.stdin.on('error', () => {}); // the program may end without reading its input: its exit code says the rest
  child.stdin.end(run.stdin);
  const timer = setTimeout(() => kill('timeout'), run.timeoutSeconds * 1000);
  return new Promise((resolve, reject) => {
    child.once('error', (error) => {
      clearTimeout(timer);
      reject(error);
    });
    child.once('exit', () => {
      clearTimeout(timer);
      killGroup(child); // whatever it left behind
      linger(child, () => stdout.seenBytes + stderr.seenBytes);
    });
    child.once('close', (exitCode, signal) => {
      resolve({
        exitCode,
        signal,
        stdout: stdout.bytes(),
        stderr: stderr.bytes(),
        droppedBytes: stdout.droppedBytes + stderr.droppedBytes,
        killedBy,
        seconds: (performance.now() - started) / 1000,
      });
    });
  });
}

/**
 * Closes the pipes once nothing came through them for a while. What a busy process had no time to read yet is read before
 * the question is asked: immediates run after the pipes.
 */
function linger(child: ChildProcess, seenBytes: () => number): void {
  const before = seenBytes();
  const ask = (): void => {
    if (seenBytes() === before) closePipes(child);
    else linger(child, seenBytes);
  };
  setTimeout(() => setImmediate(ask).unref(), LINGER_MS).unref();
}

function killGroup(child: ChildProcess): void {
  if (child.pid === undefined) return;
  try {
    process.kill(-child.pid, 'SIGKILL');
  } catch {
    // ESRCH: the group is empty, which is what we want
  }
}

function closePipes(child: ChildProcess): void {
  child.stdout?.destroy();
  child.stderr?.destroy();
}
