import type { InstantText } from '../fact.ts';

/**
 * Milliseconds since 1970, only inside this folder. Adding to and comparing two `Temporal.Instant`s costs about two
 * microseconds; tens of thousands of timelines in a tick would spend seconds on it. What leaves the folder is Temporal.
 * Anything finer than a millisecond is cut off, which moves a start earlier: strict on ourselves.
 */
export type Millis = number;

/** An end that has not come. */
export const FOREVER: Millis = Number.POSITIVE_INFINITY;

/** Earlier than any release: where nothing bounds a release from below, the first exposure decides (promise rule 4). */
export const BEGINNING_OF_TIME = Temporal.Instant.fromEpochMilliseconds(0);

export function millisOf(text: InstantText): Millis {
  return Temporal.Instant.from(text).epochMilliseconds;
}

/** Thousands of obligations start and end with the same release or pull: they share its instant. */
export function instantOf(millis: Millis): Temporal.Instant {
  const known = instants.get(millis);
  if (known !== undefined) return known;
  if (instants.size >= INSTANTS_MAX) instants.clear();
  const instant = Temporal.Instant.fromEpochMilliseconds(millis);
  instants.set(millis, instant);
  return instant;
}

const INSTANTS_MAX = 65_536;
const instants = new Map<Millis, Temporal.Instant>();

export function instantOrNull(millis: Millis | null): Temporal.Instant | null {
  return millis === null ? null : instantOf(millis);
}
