import { Command, Option } from 'commander';
import { clean, wrap } from './layout.ts';
import type { ProgressEvent } from './progress.ts';
import type { Cli, Open, Session } from './session.ts';
import { action } from './session.ts';
import { wholeNumber } from './whole-number.ts';

export interface RunDeps {
  readonly notice: string | null;
  /** Turns the factory until nothing is left to do, or `ticks` times. The signal ends it after the running step. */
  run(options: {
    readonly ticks: number | null;
    readonly signal: AbortSignal;
    readonly onEvent: (event: ProgressEvent) => void;
    readonly onDeadline: (due: Temporal.Instant | null, words: string) => void;
  }): Promise<RunSummary>;
  close(): Promise<void>;
}

export interface RunSummary {
  readonly ticks: number;
  /** Steps that were done, by kind. */
  readonly done: Readonly<Record<string, number>>;
  readonly failed: readonly { readonly subject: string; readonly code: string; readonly words: string }[];
  /** What only a person can move. */
  readonly blocked: readonly { readonly subject: string; readonly words: string }[];
}

export function runCommand(cli: Cli, open: Open<RunDeps>): Command {
  return new Command('run')
    .description('Does what is to be done: watch, match, build, compose, verify, publish, confirm; then stops.')
    .addOption(new Option('--ticks <number>', 'stop after that many turns').argParser(wholeNumber(1, 1_000_000)))
    .addHelpText('after', EXAMPLE)
    .action(
      action(cli, async (session, options: { ticks?: number }) => {
        const deps = await open(session.globals);
        try {
          const summary = await deps.run({
            ticks: options.ticks ?? null,
            signal: session.signal,
            onEvent: (event) => session.progress.on(event),
            onDeadline: (due, words) => session.progress.deadline(due, words),
          });
          session.progress.end();
          session.answer({
            json: () => ({ schema: 'suture/run/1', generatedAt: session.now(), notice: deps.notice, ...summary }),
            table: () => runText(summary, deps.notice, session),
          });
          return exitCode(summary);
        } finally {
          await deps.close();
        }
      }),
    );
}

const EXAMPLE = `
Exits 0 when all is done or nothing was to do, 3 when a person must decide, 75 when a step
failed that is tried again later.

Examples:
  $ suture run
  $ suture run --ticks 1 --progress plain
  $ suture plan                       what run would do`;

function exitCode({ blocked, failed }: RunSummary): number {
  if (blocked.length > 0) return 3;
  return failed.length > 0 ? 75 : 0;
}

function runText(summary: RunSummary, notice: string | null, { paint, columns }: Session): string {
  const kinds = Object.entries(summary.done);
  const done = kinds.length === 0 ? 'nothing to do' : kinds.map(([kind, count]) => `${kind} ${count}`).join(' · ');
  const lines = [`${done} · failed ${summary.failed.length} · blocked ${summary.blocked.length}`];
  if (notice !== null) lines.push(paint.yellow(notice));
  for (const { subject, code, words } of summary.failed) {
    lines.push(` ${paint.red('✖')} ${clean(subject)} (${code})`, wrap(words, '     ', columns));
  }
  for (const { subject, words } of summary.blocked) {
    lines.push(` ${paint.yellow('▲')} ${clean(subject)}`, wrap(words, '     ', columns));
  }
  lines.push('next: suture status');
  return `${lines.join('\n')}\n`;
}
