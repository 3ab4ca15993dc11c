import type { Architecture } from '../fact.ts';
import { cutOf, type Cut } from './cut.ts';
import { exceptionsOf, type Exception } from './exceptions.ts';
import { exposuresOf, type Exposed, type Exposure } from './exposure.ts';
import type { RecordHistory } from './history.ts';
import { FOREVER, type Millis } from './instant.ts';
import { runsOf, type ReadExposure, type Run, type Runs, type Scope, type StartKind } from './runs.ts';
import { coverageOf, type Reading } from './readings.ts';
import type { AnsweredQuestion } from './starts.ts';
import { pastOf } from './vulnerability.ts';

/**
 * What one record says of one stream in one architecture of a line. Claims take the worst of their strands, so records
 * of one alias class each keep their own history, and each architecture its own first exposure (edge cases 22, 28).
 */
export interface Strand {
  readonly record: RecordHistory;
  readonly architecture: Architecture;
  readonly exposed: Exposed;
  /** The end other than a fix, when something was open then or came back after it. */
  readonly cut: Cut | null;
  readonly exceptions: readonly Exception[];
  readonly runs: Record<StartKind, readonly Run[]>;
  /** The worst miss under earlier readings: a corrected range does not take it back (promise rule 7). */
  readonly latched: Record<StartKind, Latch | null>;
  /** What the runs rest on. */
  readonly answered: readonly AnsweredQuestion[];
  /** When record and bytes were first both recorded. */
  readonly discoveredAt: Millis;
}

export interface Latch {
  readonly missedAt: Millis;
  readonly margin: Millis | null;
}

type Readings = [ReadExposure, ...ReadExposure[]];

/** All that is known of a (vulnerability, line) pair before anybody asks what time it is. */
export function strandsOf(scope: Scope): readonly Strand[] {
  const strands: Strand[] = [];
  for (const record of scope.vulnerability.records) {
    if (!record.lines.has(scope.line)) continue;
    for (const architecture of scope.line.confirmations.keys()) {
      for (const readings of readingsByStream(scope, record, architecture)) {
        strands.push(strandOf(readings, architecture));
      }
    }
  }
  return strands;
}

/** Each stream that some reading of the record found flawed, with those readings, oldest first. */
function readingsByStream(scope: Scope, record: RecordHistory, architecture: Architecture): readonly Readings[] {
  const { history, vulnerability, line } = scope;
  const streams: Readings[] = [];
  for (const [index, reading] of record.readings.entries()) {
    const readUntil = record.readings[index + 1]?.from ?? FOREVER;
    for (const exposed of exposuresOf(history, { line, architecture, reading, names: vulnerability.ids })) {
      const read: ReadExposure = { scope, record, reading, readUntil, exposed };
      const earlier = streams.find(([each]) => isSameStream(each.exposed, exposed));
      if (earlier === undefined) streams.push([read]);
      else earlier.push(read);
    }
  }
  return streams;
}

/** The newest reading that names what is held tells the story; those before it only keep their misses. */
function strandOf(readings: Readings, architecture: Architecture): Strand {
  const newest = readings.at(-1) ?? readings[0];
  const { scope, record, exposed } = newest;
  const { history, vulnerability, line } = scope;
  const past = pastOf(history, vulnerability, record.id);
  const names = past[0]?.ids ?? [record.id];
  const cleared = clearedBy(newest, architecture);
  const { records } = vulnerability;
  const end = cutOf({ line, architecture, record, records, names, past, exposed, cleared });
  const cut = end !== null && isHeldAfter(exposed.exposures, end.at) ? end : null;
  const runs = runsOf(newest, cut?.at ?? FOREVER);
  const earlier = readings.length === 1 ? NONE : readings.slice(0, -1).map((read) => earlierRunsOf(read, end));
  return {
    record,
    architecture,
    exposed,
    cut,
    exceptions: exceptionsOf(line, names),
    runs: runs.byKind,
    latched: { release: worstMiss(earlier, 'release'), releaseAndKnown: worstMiss(earlier, 'releaseAndKnown') },
    answered: [runs.answered, ...earlier.map(({ answered }) => answered)],
    discoveredAt: discoveryOf(readings),
  };
}

const NONE: readonly Runs[] = [];

/** The first later reading that takes the flaw off what is held; one that cannot tell takes nothing off. */
function clearedBy({ record, reading, exposed }: ReadExposure, architecture: Architecture): Reading | undefined {
  const later = record.readings.slice(record.readings.indexOf(reading) + 1);
  const isUndetermined = (each: Reading): boolean =>
    [...exposed.components].some((known) => coverageOf(each, known, architecture) === 'indeterminate');
  return later.find((each) => !isUndetermined(each));
}

/** When a version of the record that names what is held and a confirmation that shows it were both recorded. */
function discoveryOf(readings: Readings): Millis {
  let recordKnown = FOREVER;
  let bytesKnown = FOREVER;
  for (const { reading, exposed } of readings) {
    recordKnown = Math.min(recordKnown, reading.version.recordedAt);
    for (const { openedBy } of exposed.exposures) bytesKnown = Math.min(bytesKnown, openedBy.recordedAt);
  }
  return Math.max(recordKnown, bytesKnown);
}

/**
 * A reading counts until the record says otherwise or the claim ended otherwise; one that was replaced at the same
 * instant never counted.
 */
function earlierRunsOf(read: ReadExposure, end: Cut | null): Runs {
  const until = Math.min(read.readUntil, end?.at ?? FOREVER);
  return runsOf(read, read.reading.from < read.readUntil ? until : -FOREVER);
}

function isSameStream(a: Exposed, b: Exposed): boolean {
  return a.upstream === b.upstream && a.stream === b.stream;
}

function worstMiss(earlier: readonly Runs[], kind: StartKind): Latch | null {
  if (earlier.length === 0) return null;
  const misses: Latch[] = [];
  for (const run of earlier.flatMap(({ byKind }) => byKind[kind])) {
    if (run.missedAt === null || !run.isCovered) continue;
    const margins = [...run.closings.map(({ margin }) => margin), ...(run.overrun === null ? [] : [run.overrun])];
    misses.push({ missedAt: run.missedAt, margin: margins.length === 0 ? null : Math.min(...margins) });
  }
  return misses.toSorted((a, b) => a.missedAt - b.missedAt)[0] ?? null;
}

/**
 * Whether an end that came at an instant, and is in force since, has anything to end: it governs what comes back later
 * too. What a fix closed for good before it stays closed by the fix.
 */
function isHeldAfter(exposures: readonly Exposure[], at: Millis): boolean {
  const last = exposures.at(-1);
  return last === undefined || last.to > at;
}
