import type { InstantText } from '../fact.ts';

export interface DataAge {
  /** Since the newest date in any record; null where none is dated. */
  readonly seconds: number | null;
  /** What is published every day is missing in it; also where nobody can tell. */
  readonly isOld: boolean;
}

/** Feeds of any size have something new within days; exactly a week is not yet old. */
const OLD_AFTER_SECONDS = 7 * 24 * 3600;

/** How old the advisories are; a date that is yet to come counts as now. */
export function dataAge(
  newestModified: InstantText | null,
  now: Temporal.Instant,
  olderThan = OLD_AFTER_SECONDS,
): DataAge {
  if (newestModified === null) return { seconds: null, isOld: true };
  const since = now.since(Temporal.Instant.from(newestModified)).total('seconds');
  const seconds = Math.max(0, Math.floor(since));
  return { seconds, isOld: seconds > olderThan };
}
