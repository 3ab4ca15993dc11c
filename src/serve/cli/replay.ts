import { Command, InvalidArgumentError } from 'commander';
import { Failure } from '../../core/failure.ts';
import { type Assumptions, defaultAssumptions } from '../../factory/replay/assumptions.ts';
import { type HistorySource, historySources } from '../../factory/replay/history-sources.ts';
import type { RecordedEvent } from '../../formats/replay/recorded-event.ts';
import type { Cli, Open } from './session.ts';
import { action } from './session.ts';
import { wholeNumber } from './whole-number.ts';

export interface ReplayDeps {
  /** The events of a history in a folder. */
  read(folder: string): Promise<readonly RecordedEvent[]>;
  /** Makes one from clones of public repositories; refused where there is one already. Returns how many events it has. */
  make(folder: string, from: HistorySources): Promise<number>;
}

export interface HistorySources {
  /** Git folders, by what they are clones of. */
  readonly clones: ReadonlyMap<HistorySource, string>;
  readonly from: Temporal.Instant;
  readonly to: Temporal.Instant;
  readonly onProgress: (words: string) => void;
}

interface Options extends Assumptions {
  readonly fromGit?: ReadonlyMap<HistorySource, string>;
  readonly from?: Temporal.Instant;
  readonly to?: Temporal.Instant;
}

export function replayCommand(cli: Cli, open: Open<ReplayDeps>): Command {
  const d = defaultAssumptions;
  return new Command('replay')
    .description(
      'How fast would fixes have been here? Runs the decisions of this factory over a recorded public history, under\nassumptions that are printed above the figures.',
    )
    .argument('<history>', 'folder with a history.jsonl (docs/how-to/replay-a-history.md)')
    .option('--look-minutes <n>', 'upstreams and feeds are looked at this often', wholeNumber(1, 10_080), d.lookMinutes)
    .option('--build-minutes <n>', 'one build, of a release or of a line', wholeNumber(0, 10_080), d.buildMinutes)
    .option('--spread-percent <n>', 'how much shorter or longer a build may be', wholeNumber(0, 100), d.spreadPercent)
    .option('--test-minutes <n>', 'the gates of one line', wholeNumber(0, 10_080), d.testMinutes)
    .option('--publish-minutes <n>', 'push, pull back and judge', wholeNumber(0, 10_080), d.publishMinutes)
    .option('--workers <n>', 'builds and gates at the same time', wholeNumber(1, 10_000), d.workers)
    .option('--review-hours <n>', 'a change waits so long for a person', wholeNumber(0, 8760), d.reviewHours)
    .option('--fail-percent <n>', 'share of attempts to build that fail', wholeNumber(0, 99), d.failPercent)
    .option('--start <clock>', 'release or release-and-known', clockNamed, d.start)
    .option('--seed <n>', 'what is drawn by chance', wholeNumber(0, 2 ** 31), d.seed)
    .option('--from-git <source=folder>', `make the history first: ${historySources.join(' or ')}`, cloneNamed)
    .option('--from <time>', 'first instant of a history that is made', instantNamed)
    .option('--to <time>', 'last instant of a history that is made', instantNamed)
    .addHelpText('after', EXAMPLE)
    .action(
      action(cli, async (session, folder: string, options: Options) => {
        const [{ replay }, { replayText, replayJson }] = await Promise.all([
          import('../../factory/replay/replay.ts'),
          import('./replay-text.ts'),
        ]);
        const deps = await open(session.globals);
        const { fromGit, from, to, ...assumptions } = options;
        if (fromGit !== undefined) {
          const count = await deps.make(folder, {
            clones: fromGit,
            ...periodOf(from, to),
            onProgress: (words) => session.note(words),
          });
          session.note(`${count} events written to ${folder}`);
        } else if (from !== undefined || to !== undefined) {
          throw new Failure('E0902', '--from and --to are for a history that is made with --from-git', {
            hint: 'the period of a history stands in its first line',
          });
        }
        const result = await replay(await deps.read(folder), assumptions);
        session.answer({
          json: () => replayJson(result, session.now()),
          table: () => replayText(result, session),
        });
        return 0;
      }),
    );
}

const EXAMPLE = `
The same history, assumptions and seed give the same figures.

Examples:
  $ suture replay examples/replay
  $ suture replay --workers 32 --review-hours 8 examples/replay
  $ suture replay --from-git golang-vulndb=vulndb/.git --from-git wolfi-os=os/.git \\
      --from 2024-01-01T00:00:00Z --to 2025-01-01T00:00:00Z year-2024`;

function periodOf(from: Temporal.Instant | undefined, to: Temporal.Instant | undefined) {
  if (from !== undefined && to !== undefined && Temporal.Instant.compare(from, to) < 0) return { from, to };
  throw new Failure('E0902', 'a history that is made needs a period: --from and a later --to', {
    hint: '--from 2024-01-01T00:00:00Z --to 2025-01-01T00:00:00Z',
  });
}

function clockNamed(text: string): Assumptions['start'] {
  if (text === 'release' || text === 'release-and-known') return text;
  throw new InvalidArgumentError('release or release-and-known is needed');
}

function cloneNamed(
  text: string,
  before: ReadonlyMap<HistorySource, string> | undefined,
): ReadonlyMap<HistorySource, string> {
  const [, named, folder] = /^([^=]+)=(.+)$/s.exec(text) ?? [];
  const source = historySources.find((each) => each === named);
  if (source === undefined || folder === undefined) {
    throw new InvalidArgumentError(
      `${historySources.join(' or ')}, an equals sign and the git folder of a clone are needed`,
    );
  }
  return new Map([...(before ?? []), [source, folder]]);
}

function instantNamed(text: string): Temporal.Instant {
  try {
    return Temporal.Instant.from(text);
  } catch {
    throw new InvalidArgumentError('a date, a time and a zone are needed, such as 2024-01-01T00:00:00Z');
  }
}
