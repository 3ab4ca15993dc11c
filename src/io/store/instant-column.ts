/** Microseconds since 1970, rounded down: how an instant stands in a `_us` column. */
export function toMicroseconds(instant: Temporal.Instant): number {
  const nanoseconds = instant.epochNanoseconds;
  const microseconds = nanoseconds / 1000n;
  return Number(nanoseconds < 0n && microseconds * 1000n !== nanoseconds ? microseconds - 1n : microseconds);
}

export function toMicrosecondsOrNull(instant: Temporal.Instant | null): number | null {
  return instant === null ? null : toMicroseconds(instant);
}

export function fromMicroseconds(microseconds: number): Temporal.Instant {
  return Temporal.Instant.fromEpochNanoseconds(BigInt(microseconds) * 1000n);
}
