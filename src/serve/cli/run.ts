import { Command, Option } from 'commander';
import type { Failure } from '../../core/failure.ts';
import { problemOf, renderError } from './error-text.ts';
import { clean, minute, wrap } from './layout.ts';
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
  /** Steps that were tried and did not succeed at last; `retryAt` null when only another input can help. */
  readonly failed: readonly {
    readonly subject: string;
    readonly step: string;
    readonly failure: Failure;
    readonly retryAt: Temporal.Instant | null;
  }[];
  /** What went wrong while looking at feeds and upstreams; everything else went on. */
  readonly problems: readonly Failure[];
  /** What failed before and is tried again later. */
  readonly waiting: readonly { readonly subject: string; readonly words: string }[];
  /** What only a person can move. */
  readonly blocked: readonly { readonly subject: string; readonly words: string }[];
  /** What is needed and can be had nowhere now. */
  readonly unavailable: readonly { readonly subject: string; readonly words: string }[];
  /** Why nothing more is done, and what was done without. */
  readonly settled: readonly { readonly subject: string; readonly words: string }[];
}

export function runCommand(cli: Cli, open: Open<RunDeps>): Command {
  return new Command('run')
    .description('Does what is to be done: watch, match, build, compose, verify, publish, confirm; then stops.')
    .argument('[catalog]', 'folder of the catalog, as --cwd')
    .option('--once', 'one pass, then stop: that is what run does; serve goes on')
    .addOption(new Option('--ticks <number>', 'stop after that many turns').argParser(wholeNumber(1, 1_000_000)))
    .addHelpText('after', EXAMPLE)
    .action(
      action(cli, async (session, catalog: string | undefined, options: { ticks?: number }) => {
        const deps = await open(session.globalsAt(catalog));
        try {
          const summary = await deps.run({
            ticks: options.ticks ?? null,
            signal: session.signal,
            onEvent: (event) => session.progress.on(event),
            onDeadline: (due, words) => session.progress.deadline(due, words),
          });
          session.progress.end();
          session.answer({
            json: () => ({
              schema: 'suture/run/1',
              generatedAt: session.now(),
              notice: deps.notice,
              ...runJson(summary),
            }),
            table: () => runText(summary, session, { notice: deps.notice, catalog }),
          });
          return exitCode(summary);
        } finally {
          await deps.close();
        }
      }),
    );
}

const EXAMPLE = `
Exits 0 when all is done or nothing was to do; 3 when a person must decide; 69 when a feed or an
upstream cannot be used; 75 when what failed is tried again later.

Examples:
  $ suture run
  $ suture run my-images --once
  $ suture run --ticks 1 --progress plain
  $ suture plan                       what run would do`;

/** What needs somebody comes before what mends itself. */
function exitCode({ blocked, failed, problems, waiting, unavailable }: RunSummary): number {
  if (blocked.length > 0) return 3;
  if (unavailable.length > 0) return 69;
  if (problems.some(({ detail }) => detail.retryable !== true)) return 69;
  return failed.length + problems.length + waiting.length > 0 ? 75 : 0;
}

function runJson({ failed, problems, ...rest }: RunSummary): Readonly<Record<string, unknown>> {
  return {
    ...rest,
    failed: failed.map(({ subject, step, failure, retryAt }) => {
      return { subject, step, retryAt, ...problemOf(failure), retryable: retryAt !== null };
    }),
    problems: problems.map(problemOf),
  };
}

function runText(
  summary: RunSummary,
  session: Session,
  { notice, catalog }: { readonly notice: string | null; readonly catalog: string | undefined },
): string {
  const { paint } = session;
  const { failed, problems, waiting, blocked, unavailable, settled } = summary;
  const lines = [counts(summary)];
  if (notice !== null) lines.push(paint.yellow(notice));
  for (const problem of problems) lines.push(errorText(problem, session));
  for (const { subject, step, failure, retryAt } of failed) {
    const next = retryAt === null ? 'not tried again before something changes' : `tried again at ${minute(retryAt)}`;
    lines.push(` ${paint.red('✖')} ${clean(subject)}: ${step} failed; ${next}`, errorText(failure, session));
  }
  lines.push(...told(waiting, paint.red('✖'), session));
  lines.push(...told(blocked, paint.yellow('▲'), session, 'a person: '));
  lines.push(...told(unavailable, paint.red('✖'), session, 'upstream: '));
  lines.push(...told(settled, '·', session));
  lines.push(`next: suture status${catalog === undefined ? '' : ` --cwd ${clean(catalog)}`}`);
  return `${lines.join('\n')}\n`;
}

const TOLD_MAX = 20;

function told(reasons: RunSummary['waiting'], mark: string, { columns }: Session, begin = ''): readonly string[] {
  const lines = reasons
    .slice(0, TOLD_MAX)
    .flatMap(({ subject, words }) => [` ${mark} ${clean(subject)}`, wrap(`${begin}${words}`, '     ', columns)]);
  const more = reasons.length - TOLD_MAX;
  return more > 0 ? [...lines, ` ${mark} and ${more} more: suture plan`] : lines;
}

function counts({ done, failed, problems, waiting, blocked }: RunSummary): string {
  const kinds = Object.entries(done).map(([kind, count]) => `${kind} ${count}`);
  const trouble = failed.length + problems.length + waiting.length > 0;
  const words = kinds.length > 0 ? kinds.join(' · ') : trouble ? 'nothing done' : 'nothing to do';
  const later = waiting.length === 0 ? '' : ` · waiting ${waiting.length}`;
  const looks = problems.length === 0 ? '' : ` · problems ${problems.length}`;
  return `${words} · failed ${failed.length}${later}${looks} · blocked ${blocked.length}`;
}

function errorText(failure: Failure, { paint }: Session): string {
  return renderError(failure, { paint, debug: false, readFile: () => undefined }).text.trimEnd();
}
