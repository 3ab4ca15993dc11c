import type { Assumptions } from '../../factory/replay/assumptions.ts';
import type { OutcomeFigures } from '../../factory/replay/outcome-figures.ts';
import type { Replay } from '../../factory/replay/replay.ts';
import { spell } from '../../views/durations.ts';
import { clean, left, minute, right, wrap } from './layout.ts';
import type { Session } from './session.ts';

/** Assumptions first: figures without them say nothing. */
export function replayText(replayed: Replay, { paint, columns }: Pick<Session, 'paint' | 'columns'>): string {
  const { head, counts, ours, recorded } = replayed;
  const both = recorded === null ? [ours] : [ours, recorded];
  const row = (words: string, of: (figures: OutcomeFigures) => string): string =>
    `  ${left(words, WORDS)}${both.map((each) => right(of(each), WIDTH)).join('')}`;
  const lines = [
    `${paint.bold(clean(head.name))}  ${minute(head.from)} to ${minute(head.to)}`,
    `  ${counts.lines} lines, ${counts.releases} releases, ${counts.advisories} versions of advisories`,
    '',
    'assumed',
    ...assumptionsInWords(replayed.assumptions).map((each) => wrap(each, '  ', columns)),
    ...head.notes.map((each) => wrap(each, '  ', columns)),
    ...(recorded === null
      ? []
      : [
          wrap(
            'recorded: an observation of public commits, judged by the same rules; not of what was pulled',
            '  ',
            columns,
          ),
        ]),
    '',
    `  ${left('from the fixing release to its end in a line', WORDS)}${['simulated', 'recorded']
      .slice(0, both.length)
      .map((each) => right(each, WIDTH))
      .join('')}`,
    row('obligations that began in the period', (each) => String(each.counted)),
    row('ended', (each) => String(each.ended)),
    row('not ended, counted as open until then', (each) => String(each.censored)),
    row('median', (each) => timeText(each.medianSeconds)),
    row('90 of 100', (each) => timeText(each.p90Seconds)),
    row('99 of 100', (each) => timeText(each.p99Seconds)),
    row('within 24 hours', (each) => shareText(each.within.hours24)),
    row('within 48 hours', (each) => shareText(each.within.hours48)),
    row('within 7 days', (each) => shareText(each.within.days7)),
    row('within 14 days', (each) => shareText(each.within.days14)),
    row('promise kept, of those decided', keptText),
    '',
    '  set apart',
    row('fixed before its release counted', (each) => String(each.apart.fixedEarly)),
    row('waiting for a release', (each) => String(each.apart.waiting)),
    row('fixable when the line was taken on', (each) => String(each.apart.takenOver)),
    row('began outside the period', (each) => String(each.apart.outsidePeriod)),
    row('void, not affected or not covered', (each) => String(each.apart.other)),
  ];
  return `${lines.join('\n')}\n`;
}

export function replayJson({ head, ...rest }: Replay, now: Temporal.Instant): Readonly<Record<string, unknown>> {
  const { name, from, to, notes } = head;
  return {
    schema: 'suture/replay/1',
    generatedAt: now,
    history: { name, from, to, notes, ...rest.counts },
    assumptions: rest.assumptions,
    simulated: rest.ours,
    recorded: rest.recorded,
  };
}

const WORDS = 48;
const WIDTH = 14;

function assumptionsInWords(assumed: Assumptions): readonly string[] {
  const { lookMinutes, buildMinutes, spreadPercent, testMinutes, publishMinutes, workers } = assumed;
  return [
    `upstreams and feeds are looked at every ${lookMinutes} min, each at its own minute`,
    `a release is built once and then each line that holds it: ${buildMinutes} min each, up to ${spreadPercent} % shorter or longer`,
    `gates of a line take ${testMinutes} min, push and pull back ${publishMinutes} min; ${workers} workers build and test`,
    `a change waits ${assumed.reviewHours} h for a person; ${assumed.failPercent} % of builds fail and are tried again`,
    `the clock starts with the ${assumed.start === 'release' ? 'release' : 'release, once it is tied to the flaw'}; seed ${assumed.seed}`,
    'the default policy is promised: a flaw that nobody rates counts as high',
  ];
}

function timeText(seconds: number | null): string {
  return seconds === null ? 'not reached' : spell(seconds);
}

function shareText(share: number | null): string {
  return share === null ? 'unknown' : `${(Math.floor(share * 1000) / 10).toFixed(1)} %`;
}

/** Of those whose deadline came or that ended before it. */
function keptText({ met, missed }: OutcomeFigures): string {
  return met + missed === 0 ? 'none decided' : shareText(met / (met + missed));
}
