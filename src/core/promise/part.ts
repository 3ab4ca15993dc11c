import { supportEndKnownAt } from './coverage.ts';
import type { Cut } from './cut.ts';
import { waivedSince } from './exceptions.ts';
import type { LineHistory } from './history.ts';
import { FOREVER, type Millis } from './instant.ts';
import type { Run, StartKind } from './runs.ts';
import { isOpen, type Clock, type Standing } from './standing.ts';
import type { Start } from './starts.ts';
import type { Strand } from './strand.ts';

/** How a strand stands at an instant; claims and obligations are put together from such parts and have the same shape. */
export interface Part {
  readonly standing: Standing;
  readonly t0: Millis | null;
  readonly due: Millis | null;
  readonly t1: Millis | null;
  readonly missedAt: Millis | null;
  readonly margin: Millis | null;
  readonly fix: Start['release'];
  readonly endedBy: string | null;
  /** The figures as others see them, once somebody asked (core/promise/clock.ts). */
  shown?: Clock;
}

interface Asked {
  readonly line: LineHistory;
  readonly kind: StartKind;
  readonly now: Millis;
}

interface Known extends Asked {
  /** The starts whose T0 has come. */
  readonly begun: readonly Run[];
  /** Promise rule 7: the first instant open after a deadline. */
  readonly missedAt: Millis | null;
}

const NOTHING = { t0: null, due: null, t1: null, missedAt: null, margin: null, fix: null, endedBy: null } as const;

/** Promise rules 2 and 13: the standing of one strand under one reading of the start. */
export function partOf(strand: Strand, asked: Asked): Part {
  const { line, kind, now } = asked;
  const begun = strand.runs[kind].filter(({ t0 }) => t0 <= now);
  let latch = strand.latched[kind]?.missedAt ?? FOREVER;
  for (const { missedAt, isCovered } of begun) if (isCovered) latch = Math.min(latch, missedAt ?? FOREVER);
  // What a fix closed is judged by the latest point of the closing pull, which may come after `now` (promise rule 5).
  const last = strand.exposed.exposures.at(-1);
  const judgedAt = last === undefined || last.closedBy === null ? now : Math.max(now, last.to);
  // Exactly at the deadline is in time: the promise says "within".
  const known: Known = { line, kind, now, begun, missedAt: latch < judgedAt ? latch : null };
  if (strand.cut !== null) return cutOff(strand, strand.cut, known);
  return last?.closedBy === null ? stillOpen(strand, known) : closedByFix(strand, known);
}

function stillOpen(strand: Strand, known: Known): Part {
  const { line, now, begun, missedAt } = known;
  const run = begun.find(({ start }) => now < start.until);
  const start = run === undefined ? NOTHING : startOf(run);
  const isCovered = run === undefined ? now < supportEndKnownAt(line, now) : run.isCovered;
  if (!isCovered) return supportEnded(strand, start, known);
  const standing = run === undefined ? 'waiting' : missedAt === null ? 'on-track' : 'overdue';
  return unlessWaived(strand, now, { ...NOTHING, ...start, standing, missedAt });
}

/** Edge case 21: nothing is due any more, but what was missed while it was stays missed (promise rule 7). */
function supportEnded(strand: Strand, start: StartFigures, { now, begun, missedAt }: Known): Part {
  if (missedAt === null) return { ...NOTHING, ...start, standing: 'not-covered' };
  const missed = begun.findLast((run) => run.isCovered && run.missedAt !== null);
  return unlessWaived(strand, now, {
    ...NOTHING,
    ...(missed === undefined ? NOTHING : startOf(missed)),
    standing: 'missed',
    missedAt,
  });
}

/** Promise rule 7: an end other than a fix keeps the miss that came before it. */
function cutOff(strand: Strand, cut: Cut, { now, begun, missedAt }: Known): Part {
  const run = begun.find(({ start }) => now < start.until) ?? begun.at(-1);
  const start = run === undefined ? NOTHING : startOf(run);
  const standing = missedAt === null ? cut.standing : 'missed';
  return unlessWaived(strand, cut.at, { ...NOTHING, ...start, standing, missedAt, endedBy: cut.fact });
}

/** Promise rule 6: each episode keeps its margin, the worst one counts. Rule 2: fixed before T0 stands apart. */
function closedByFix(strand: Strand, { kind, begun, missedAt }: Known): Part {
  const last = strand.exposed.exposures.at(-1);
  const closedAt = last?.to ?? FOREVER;
  const endedBy = last?.closedBy?.fact ?? null;
  const concerned = begun.filter(({ closings, missedAt: missed }) => closings.length > 0 || missed !== null);
  const newest = concerned.at(-1);
  if (newest === undefined && missedAt === null) {
    const later = begun.find(({ start }) => closedAt <= start.until);
    return { ...NOTHING, standing: 'fixed-early', t0: later?.t0 ?? null, fix: later?.start.release ?? null, endedBy };
  }
  if (newest?.isCovered === false && missedAt === null)
    return { ...NOTHING, ...startOf(newest), standing: 'not-covered', endedBy };
  const counted = concerned.filter(({ isCovered }) => isCovered);
  const run = counted.at(-1);
  const margins = counted.flatMap(({ closings, overrun }) => [
    ...closings.map(({ margin }) => margin),
    overrun ?? FOREVER,
  ]);
  const worst = Math.min(...margins, strand.latched[kind]?.margin ?? FOREVER);
  const t1 = run?.closings.at(-1)?.at ?? closedAt;
  return unlessWaived(strand, t1, {
    ...(run === undefined ? NOTHING : startOf(run)),
    standing: missedAt === null ? 'met' : 'missed',
    t1,
    missedAt,
    margin: Number.isFinite(worst) ? worst : null,
    endedBy,
  });
}

type StartFigures = Pick<Part, 't0' | 'due' | 'fix'>;

function startOf({ t0, due, start }: Run): StartFigures {
  return { t0, due, fix: start.release };
}

/**
 * Promise rule 8: a waiver in force excludes; no date changes, so its expiry is felt at once. What is late stays out only if
 * it was waived from the miss on, without a gap (rule 7: a miss latched before the waiver stays).
 */
function unlessWaived({ exceptions }: Strand, at: Millis, part: Part): Part {
  const { standing, missedAt } = part;
  if (!isOpen(standing) && standing !== 'missed') return part;
  const since = waivedSince(exceptions, at);
  const isWaived = since !== null && (missedAt === null || since <= missedAt);
  return isWaived ? { ...part, standing: 'excluded' } : part;
}

/** The last instant until which time alone does not change what `partOf` says of a strand. */
export function unchangedThrough(strand: Strand, line: LineHistory, now: Millis): Millis {
  const isHeld = strand.cut === null && strand.exposed.exposures.at(-1)?.closedBy === null;
  let change = FOREVER;
  const mayChangeAt = (at: Millis): void => {
    if (at > now && at < change) change = at;
  };
  const { release, releaseAndKnown } = strand.runs;
  for (const runs of release === releaseAndKnown ? [release] : [release, releaseAndKnown]) {
    for (const { t0, missedAt, start } of runs) {
      mayChangeAt(t0);
      // The deadline itself is in time; what comes after it is late.
      if (missedAt !== null) mayChangeAt(missedAt + 1);
      if (isHeld) mayChangeAt(start.until);
    }
  }
  if (isHeld) mayChangeAt(supportEndKnownAt(line, now));
  for (const { from, until } of strand.exceptions) {
    mayChangeAt(from);
    mayChangeAt(until);
  }
  return change - 1;
}
