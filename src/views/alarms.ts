import type { LateSource, Pulse } from '../core/forecast/pulse.ts';
import { secondsBetween, spell } from './durations.ts';
import type { Row } from './row.ts';
import type { WaiverRow } from './waivers.ts';

/** What threatens the promise before any deadline has passed, each with one thing to do. */
export interface Alarm {
  /** `stale`: what is shown may not be so any more, for nobody has looked. */
  readonly kind: 'stale' | 'forecast' | 'waiver';
  readonly text: string;
  readonly hint: string;
}

/** A waiver is warned of so many days before it ends. */
const WAIVER_WARNED_DAYS = 7;
const EACH_MAX = 5;

export function alarms({
  pulse,
  rows,
  waivers,
  now,
}: {
  readonly pulse: Pulse | null;
  readonly rows: readonly Row[];
  readonly waivers: readonly WaiverRow[];
  readonly now: Temporal.Instant;
}): readonly Alarm[] {
  return [
    ...(pulse === null ? [] : staleAlarms(pulse, now)),
    ...some(rows.filter(willMiss).map(missAlarm), 'forecast', 'suture status'),
    ...some(
      waivers.filter(({ leftSeconds }) => leftSeconds <= WAIVER_WARNED_DAYS * 86_400).map(waiverAlarm),
      'waiver',
      'suture status',
    ),
  ];
}

/** What is known of the outside is old: no turn for two looks, or a source that nobody could look at for so long. */
export function staleAlarms(pulse: Pulse, now: Temporal.Instant): readonly Alarm[] {
  const limit = 2 * pulse.lookEverySeconds;
  const silent = secondsBetween(pulse.at, now);
  if (silent > limit) {
    const text = `no turn for ${spell(silent)}: nobody looks at feeds and upstreams, and nothing is built`;
    return [{ kind: 'stale', text, hint: 'suture serve, or suture run' }];
  }
  const late = pulse.sources.late.filter(({ lookedAt, failures }) =>
    lookedAt === null ? failures > 0 : secondsBetween(lookedAt, now) > limit,
  );
  return some(
    late.map((source) => sourceAlarm(source, now)),
    'stale',
    'suture run --json',
  );
}

function sourceAlarm({ kind, name, lookedAt, failures }: LateSource, now: Temporal.Instant): Alarm {
  const since =
    lookedAt === null ? 'not seen since the start' : `last seen ${spell(secondsBetween(lookedAt, now))} ago`;
  const failed = failures === 0 ? '' : `, ${failures} ${failures === 1 ? 'look' : 'looks'} in a row failed`;
  return { kind: 'stale', text: `${kind} ${name} is ${since}${failed}`, hint: `suture explain ${upstreamIn(name)}` };
}

/** `git-tag pkg:generic/hello (bookworm)` is about pkg:generic/hello. */
function upstreamIn(name: string): string {
  return /pkg:[^ ]+/.exec(name)?.[0] ?? 'E0201';
}

/** Still to be saved: what is overdue stands below in its own group. */
function willMiss({ standing, forecast }: Row): boolean {
  return standing === 'on-track' && forecast !== null && (forecast.p50 === null || forecast.missChance >= 0.5);
}

function missAlarm(row: Row): Alarm {
  const { vulnerability, line, forecast, time } = row;
  return {
    kind: 'forecast',
    text: `${vulnerability} in ${line} has ${time}: ${forecast?.words ?? ''}`,
    hint: `suture explain ${vulnerability}`,
  };
}

function waiverAlarm({ row, leftSeconds, afterwards }: WaiverRow): Alarm {
  const text = `the waiver for ${row.vulnerability} in ${row.line} ends in ${spell(leftSeconds)}, then ${afterwards}`;
  return { kind: 'waiver', text, hint: 'renew it in exceptions.yaml, or have it fixed' };
}

function some(all: readonly Alarm[], kind: Alarm['kind'], hint: string): readonly Alarm[] {
  if (all.length <= EACH_MAX) return all;
  return [...all.slice(0, EACH_MAX), { kind, text: `${all.length - EACH_MAX} more of the same`, hint }];
}
