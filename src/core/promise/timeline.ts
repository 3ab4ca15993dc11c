import type { Architecture } from '../fact.ts';
import { cutOf, type Cut } from './cut.ts';
import { exceptionsOf, type Exception } from './exceptions.ts';
import { exposuresOf, type Exposure } from './exposure.ts';
import type { History, KnownComponent, LineHistory, RecordHistory, UpstreamHistory } from './history.ts';
import { FOREVER, type Millis } from './instant.ts';
import type { PolicyAt } from './policy-in-force.ts';
import { runsOf, type ReadExposure, type Run, type Runs, type StartKind } from './runs.ts';
import { pastOf, type Vulnerability } from './vulnerability.ts';

/** All that is known of a (vulnerability, line) pair before anybody asks what time it is. */
export interface Timeline {
  readonly strands: readonly Strand[];
}

/**
 * What one record says of one stream in one architecture of a line. Claims take the worst of their strands, so records
 * of one alias class each keep their own history, and each architecture its own first exposure (edge cases 22, 28).
 */
export interface Strand {
  readonly record: RecordHistory;
  readonly upstream: UpstreamHistory;
  readonly stream: string;
  readonly architecture: Architecture;
  readonly components: ReadonlySet<KnownComponent>;
  readonly exposures: readonly Exposure[];
  /** The end other than a fix, when something was open for it to end. */
  readonly cut: Cut | null;
  readonly exceptions: readonly Exception[];
  readonly runs: Record<StartKind, readonly Run[]>;
  /** The worst miss under earlier readings: a corrected range does not take it back (promise rule 7). */
  readonly latched: Record<StartKind, Latch | null>;
  /** The questions about releases that the runs rest on. */
  readonly questions: readonly string[];
  /** When record and bytes were first both recorded. */
  readonly discoveredAt: Millis;
}

export interface Latch {
  readonly missedAt: Millis;
  readonly margin: Millis | null;
}

interface Scope {
  readonly history: History;
  readonly vulnerability: Vulnerability;
  readonly line: LineHistory;
  readonly policyAt: PolicyAt;
}

type Readings = [ReadExposure, ...ReadExposure[]];

export function timelineOf(scope: Scope): Timeline {
  const strands: Strand[] = [];
  for (const record of scope.vulnerability.records) {
    if (!record.lines.has(scope.line)) continue;
    for (const architecture of scope.line.confirmations.keys()) {
      for (const readings of readingsByStream(scope, record, architecture)) strands.push(strandOf(readings));
    }
  }
  return { strands };
}

/** Each stream that some reading of the record found flawed, with those readings, oldest first. */
function readingsByStream(scope: Scope, record: RecordHistory, architecture: Architecture): Iterable<Readings> {
  const { history, vulnerability, line } = scope;
  const byStream = new Map<string, Readings>();
  for (const [index, reading] of record.readings.entries()) {
    for (const exposed of exposuresOf(history, { line, architecture, reading, names: vulnerability.ids })) {
      const key = `${exposed.upstream.ordinal} ${exposed.stream}`;
      const read: ReadExposure = { ...scope, record, architecture, reading: index, exposed };
      const earlier = byStream.get(key);
      if (earlier === undefined) byStream.set(key, [read]);
      else earlier.push(read);
    }
  }
  return byStream.values();
}

/** The newest reading that names what is held tells the story; those before it only keep their misses. */
function strandOf(readings: Readings): Strand {
  const newest = readings.at(-1) ?? readings[0];
  const { history, vulnerability, line, record, architecture } = newest;
  const { upstream, stream, components, exposures } = newest.exposed;
  const names = pastOf(history, vulnerability, record.id)[0]?.ids ?? [record.id];
  const cut = cutOf({ line, architecture, record, names, cleared: record.readings[newest.reading + 1] });
  const runs = runsOf(newest, cut?.at ?? FOREVER);
  const earlier = readings.slice(0, -1).map(earlierRunsOf);
  return {
    record,
    upstream,
    stream,
    architecture,
    components,
    exposures,
    cut: cut !== null && isOpenAt(exposures, cut.at) ? cut : null,
    exceptions: exceptionsOf(line, names),
    runs: runs.byKind,
    latched: { release: worstMiss(earlier, 'release'), releaseAndKnown: worstMiss(earlier, 'releaseAndKnown') },
    questions: [runs.question, ...earlier.map(({ question }) => question)],
    discoveredAt: Math.max(
      Math.min(...readings.map((read) => record.readings[read.reading]?.version.recordedAt ?? FOREVER)),
      Math.min(...readings.flatMap((read) => read.exposed.exposures.map(({ openedBy }) => openedBy.recordedAt))),
    ),
  };
}

/** A reading counts until the record says otherwise; one that was replaced at the same instant never counted. */
function earlierRunsOf(read: ReadExposure): Runs {
  const from = read.record.readings[read.reading]?.from ?? FOREVER;
  const until = read.record.readings[read.reading + 1]?.from ?? FOREVER;
  return runsOf(read, from < until ? until : -FOREVER);
}

function worstMiss(earlier: readonly Runs[], kind: StartKind): Latch | null {
  const misses: Latch[] = [];
  for (const run of earlier.flatMap(({ byKind }) => byKind[kind])) {
    if (run.missedAt === null || !run.isCovered) continue;
    const margins = [...run.closings.map(({ margin }) => margin), ...(run.overrun === null ? [] : [run.overrun])];
    misses.push({ missedAt: run.missedAt, margin: margins.length === 0 ? null : Math.min(...margins) });
  }
  return misses.toSorted((a, b) => a.missedAt - b.missedAt)[0] ?? null;
}

/** Whether something is left to end at an instant: what a fix closed before it stays closed by the fix. */
function isOpenAt(exposures: readonly Exposure[], at: Millis): boolean {
  const last = exposures.findLast(({ from }) => from < at);
  return last === undefined || last.to > at;
}
