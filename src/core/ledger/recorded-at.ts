/**
 * When a fact is recorded: the clock, but never before the fact that precedes it, so the order of the chain and the
 * order of its times agree even where a clock is set back. Whole microseconds, so that every engine holds it exactly.
 */
export function nextRecordedAt(previous: Temporal.Instant | null, clock: Temporal.Instant): Temporal.Instant {
  const now = clock.round({ smallestUnit: 'microsecond', roundingMode: 'floor' });
  if (previous === null) return now;
  return Temporal.Instant.compare(previous, now) > 0 ? previous : now;
}
