import { chosenOf } from './chosen-rating.ts';
import { newestAt } from './dated.ts';
import type { RecordHistory } from './history.ts';
import type { Millis } from './instant.ts';
import type { Policy } from './policy.ts';
import type { RatedSeverity } from './standing.ts';

export interface Rating extends RatedSeverity {
  /** Listed as known exploited. */
  readonly exploited: boolean;
}

/**
 * The rating that counts at an instant: of the first source in the policy's order that rates, by its newest system;
 * where copies differ, the one that promises less time. Nobody rates: the policy's `unscored`. Undefined before any
 * record was known.
 */
export function ratingAt(records: readonly RecordHistory[], at: Millis, policy: Policy): Rating | undefined {
  const known = records.flatMap(({ versions }) => newestAt(versions, at)?.says ?? []);
  if (known.length === 0) return undefined;
  const by = chosenOf(known, { policy })?.severity ?? null;
  const exploited = known.some(({ exploitedSince }) => exploitedSince !== null);
  return { level: by?.level ?? policy.severity.unscored, by, exploited };
}

/** Seconds promised under a rating; a known exploited flaw has the smaller of both. */
export function promisedSeconds({ level, exploited }: Rating, { promise }: Policy): number {
  return exploited ? Math.min(promise[level], promise.exploited) : promise[level];
}
