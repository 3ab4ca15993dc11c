import { type ChildProcess, spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';

/** A program of our own in a process of its own, with what it printed; killed with the test if it is still there. */
export interface Started {
  readonly child: ChildProcess;
  /** Everything printed to stdout, once the process has ended, however it ended. */
  readonly printed: Promise<string>;
  readonly complaints: Promise<string>;
  readonly exit: Promise<number | null>;
}

export function start(script: string, args: readonly string[]): Started {
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', script, ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  process.once('exit', () => child.kill('SIGKILL'));
  const exit = new Promise<number | null>((done) => child.once('close', (code) => done(code)));
  return { child, printed: text(child.stdout), complaints: text(child.stderr), exit };
}

/** Resolves when the process has printed so many lines (or has ended). */
export function lines(started: Started, count: number): Promise<void> {
  let seen = 0;
  return new Promise((done) => {
    started.child.stdout?.on('data', (bytes: Buffer) => {
      seen += bytes.toString().split('\n').length - 1;
      if (seen >= count) done();
    });
    started.child.once('close', () => done());
  });
}
