import { coveredComponents } from './covered-components.ts';
import type { History, KnownComponent, LineHistory, RecordHistory, UpstreamHistory } from './history.ts';
import { covers } from './readings.ts';

/**
 * Lines that ever held a component which a record names in any reading: the pairs worth a timeline. Distinct components
 * are judged, never images.
 */
export function linesThatMayHold(history: History, record: RecordHistory): readonly LineHistory[] {
  const found: number[] = [];
  for (const reading of record.readings) {
    for (const name of reading.affected.keys()) {
      const upstream = history.upstreams.get(name);
      if (upstream === undefined) continue;
      for (const known of coveredComponents(reading, upstream)) markLines(history, known, found);
      for (const known of lackingIn(upstream)) markLines(history, known, found);
    }
  }
  const lines: LineHistory[] = [];
  for (const ordinal of found) {
    history.marks[ordinal] = 0;
    const line = history.lineAt[ordinal];
    if (line !== undefined) lines.push(line);
  }
  return lines;
}

/** Whether the ranges of any reading, or somebody's look at the code, may make this component a flawed one. */
export function mayHold(record: RecordHistory, known: KnownComponent): boolean {
  return record.readings.some((reading) => covers(reading, known)) || isLacking(known);
}

/** Thousands of lines for one component that is everywhere: each is noted once. */
function markLines({ marks }: History, { lines }: KnownComponent, found: number[]): void {
  for (const ordinal of lines) {
    if (marks[ordinal] !== 0) continue;
    marks[ordinal] = 1;
    found.push(ordinal);
  }
}

function lackingIn({ components, verifications }: UpstreamHistory): readonly KnownComponent[] {
  return verifications.size === 0 ? [] : components.filter(isLacking);
}

/** Whether somebody found that its code lacks a fix. */
function isLacking({ upstream, component }: KnownComponent): boolean {
  return upstream.verifications.get(component.version)?.some(({ says }) => says.result === 'lacks') ?? false;
}
