import { instantOrNull } from './instant.ts';
import type { Part } from './part.ts';
import type { Clock } from './standing.ts';

/** A part's figures as others see them; made once, for a part may be all there is of its claim and its obligation. */
export function clockOf(part: Part): Clock {
  part.shown ??= {
    t0: instantOrNull(part.t0),
    due: instantOrNull(part.due),
    t1: instantOrNull(part.t1),
    missedAt: instantOrNull(part.missedAt),
    marginSeconds: part.margin === null ? null : Math.floor(part.margin / 1000),
  };
  return part.shown;
}
