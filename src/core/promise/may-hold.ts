import { coveredComponents } from './covered-components.ts';
import type { History, KnownComponent, LineHistory, RecordHistory, UpstreamHistory } from './history.ts';
import { covers } from './readings.ts';

/**
 * Lines that ever held a component which a record names in any reading: the pairs worth a timeline. Distinct components
 * are judged, never images.
 */
export function linesThatMayHold(history: History, record: RecordHistory): readonly LineHistory[] {
  const { collector, holders } = history;
  for (const reading of record.readings) {
    for (const name of reading.affected.keys()) {
      const upstream = history.upstreams.get(name);
      if (upstream === undefined) continue;
      for (const { ordinal } of coveredComponents(reading, upstream)) holders.eachRun(ordinal, collector.add);
      for (const { ordinal } of lackingIn(upstream)) holders.eachRun(ordinal, collector.add);
    }
  }
  return collector.take();
}

/** Whether the ranges of any reading, or somebody's look at the code, may make this component a flawed one. */
export function mayHold(record: RecordHistory, known: KnownComponent): boolean {
  return record.readings.some((reading) => covers(reading, known)) || isLacking(known);
}

function lackingIn({ components, watch }: UpstreamHistory): readonly KnownComponent[] {
  return watch === null || watch.verifications.size === 0 ? [] : components.filter(isLacking);
}

/** Whether somebody found that its code lacks a fix. */
function isLacking({ upstream, component }: KnownComponent): boolean {
  return upstream.watch?.verifications.get(component.version)?.some(({ says }) => says.result === 'lacks') ?? false;
}
