import { instantOrNull } from './instant.ts';
import type { Part } from './part.ts';
import type { Clock } from './standing.ts';

const shown = new WeakMap<Part, Clock>();

/** A part's figures as others see them; parts that are one another's only part share them. */
export function clockOf(part: Part): Clock {
  const known = shown.get(part);
  if (known !== undefined) return known;
  const clock: Clock = {
    t0: instantOrNull(part.t0),
    due: instantOrNull(part.due),
    t1: instantOrNull(part.t1),
    missedAt: instantOrNull(part.missedAt),
    marginSeconds: part.margin === null ? null : Math.floor(part.margin / 1000),
  };
  shown.set(part, clock);
  return clock;
}
