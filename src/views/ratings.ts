import type { AdvisoryRecord } from '../core/match/advisory.ts';
import { type ChosenRating, type GivenRating, chosenRating } from '../core/promise/chosen-rating.ts';
import type { Policy } from '../core/promise/policy.ts';

/** The rating that counts with why, and all that others say. */
export interface RatingsView {
  readonly level: ChosenRating['level'];
  readonly why: string;
  readonly others: readonly RatingRow[];
}

export interface RatingRow {
  readonly by: string;
  readonly level: ChosenRating['level'];
  readonly type: string;
  readonly vector: string | null;
  readonly score: number | null;
  readonly ratedAt: string | null;
  readonly id: string;
  readonly source: string;
}

export function ratingsView(records: readonly AdvisoryRecord[], policy: Policy): RatingsView {
  const inForce = records.filter(({ withdrawn }) => withdrawn === null);
  const { level, why, others } = chosenRating(inForce, { policy });
  return { level, why, others: others.map(rowOf) };
}

function rowOf({ severity, record }: GivenRating): RatingRow {
  const { source, provider, level, type, vector, score, ratedAt = null } = severity;
  return {
    by: provider === undefined ? source : `${source} (${provider})`,
    level,
    type,
    vector,
    score,
    ratedAt,
    id: record.id,
    source: record.source,
  };
}
