import type { History, KnownComponent, LineHistory, RecordHistory } from './history.ts';
import { covers } from './readings.ts';

/** Lines that ever held a component which a record names in any reading: the pairs worth a timeline. */
export function linesThatMayHold(history: History, record: RecordHistory): ReadonlySet<LineHistory> {
  const lines = new Set<LineHistory>();
  const names = new Set(record.readings.flatMap((reading) => [...reading.affected.keys()]));
  for (const name of names) {
    for (const known of history.upstreams.get(name)?.components ?? []) {
      if (!mayHold(record, known)) continue;
      for (const inventory of known.inventories) for (const line of inventory.lines) lines.add(line);
    }
  }
  return lines;
}

/** Whether the ranges of any reading, or somebody's look at the code, may make this component a flawed one. */
export function mayHold(record: RecordHistory, known: KnownComponent): boolean {
  if (record.readings.some((reading) => covers(reading, known))) return true;
  const verified = known.upstream.verifications.get(known.component.version) ?? [];
  return verified.some(({ says }) => says.result === 'lacks');
}
