import type { ClockDeps } from '../factory/deps.ts';

/** A clock that stands until it is told to go on; it never goes back. */
export interface ScriptedClock extends ClockDeps {
  advanceTo(instant: Temporal.Instant): void;
}

export function scriptedClock(start: Temporal.Instant): ScriptedClock {
  let now = start;
  return {
    now: () => now,
    advanceTo(instant) {
      if (Temporal.Instant.compare(instant, now) > 0) now = instant;
    },
  };
}
