import type { Terminal } from './terminal.ts';

/**
 * The signal of a process: the first Ctrl-C (or SIGTERM) aborts it, so that the running step is finished and nothing
 * new begins; the second ends the process at once. The reason is the signal's name.
 */
export function interruptSignal(terminal: Terminal): AbortSignal {
  const controller = new AbortController();
  for (const name of ['SIGINT', 'SIGTERM'] as const) {
    process.on(name, () => {
      if (controller.signal.aborted) process.exit(130);
      controller.abort(name);
      if (name === 'SIGINT') terminal.err('\nfinishing the running step; Ctrl-C again stops at once\n');
    });
  }
  return controller.signal;
}
