/**
 * How long a payload may be sealed: embargoes last days, the longest known ones less than a year. Without a bound what names a
 * fix could be sealed for ever, and its clock would never start.
 */
export const SEALED_DAYS_MAX = 366;

/** Whether something recorded then may be sealed until that instant; neither may be no instant at all. */
export function maySealUntil(recordedAt: string, until: string): boolean {
  try {
    const latest = Temporal.Instant.from(recordedAt).add({ hours: 24 * SEALED_DAYS_MAX });
    return Temporal.Instant.compare(Temporal.Instant.from(until), latest) <= 0;
  } catch {
    return false;
  }
}
