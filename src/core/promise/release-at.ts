import type { Interval } from '../fact.ts';
import { BEGINNING_OF_TIME } from './instant.ts';

/** What was seen of one release in the form that the recipe uses. */
export interface ReleaseEvidence {
  /** The newest look at this upstream that did not show it; null when there was none. */
  readonly lastLookWithout: Temporal.Instant | null;
  readonly firstSighting: Temporal.Instant;
  /** A registry's or forge's own date of publication. */
  readonly publishedAt: Temporal.Instant | null;
  /** The author's date (tag, commit), which the author can set at will. */
  readonly authoredAt: Temporal.Instant | null;
}

/**
 * Promise rule 3: when a release became available. Between the last look without it and the first sighting; a date of
 * a registry in there narrows this to a point, an author's date in there only moves its lower bound. A date outside our
 * looks is not believed. Without an earlier look and a date it may always have been there, so `from` is the beginning
 * of time and the first exposure decides.
 */
export function releaseAt({ lastLookWithout, firstSighting, publishedAt, authoredAt }: ReleaseEvidence): Interval {
  const looks = { from: lastLookWithout ?? BEGINNING_OF_TIME, to: firstSighting };
  if (publishedAt !== null && isInside(publishedAt, looks)) return { from: publishedAt, to: publishedAt };
  if (authoredAt !== null && isInside(authoredAt, looks)) return { from: authoredAt, to: looks.to };
  return looks;
}

function isInside(instant: Temporal.Instant, { from, to }: Interval): boolean {
  return Temporal.Instant.compare(from, instant) <= 0 && Temporal.Instant.compare(instant, to) <= 0;
}
