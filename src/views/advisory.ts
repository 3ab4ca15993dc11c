import type { AdvisoryRecord } from '../core/match/advisory.ts';
import type { Policy } from '../core/promise/policy.ts';
import { type RatingsView, ratingsView } from './ratings.ts';
import type { VerdictRow } from './verdicts.ts';

/** A vulnerability that the ledger knows and that no line is held to: what its records say of what is served now. */
export interface AdvisoryView {
  readonly notice: string | null;
  readonly now: Temporal.Instant;
  readonly id: string;
  readonly aliases: readonly string[];
  readonly summary: string;
  readonly ratings: RatingsView;
  readonly verdicts: readonly VerdictRow[];
}

export interface AdvisoryOptions {
  readonly now: Temporal.Instant;
  readonly notice: string | null;
  readonly policy: Policy;
  readonly verdicts: readonly VerdictRow[];
}

/** Undefined where no record speaks of it. */
export function advisoryView(
  ids: readonly string[],
  records: readonly AdvisoryRecord[],
  options: AdvisoryOptions,
): AdvisoryView | undefined {
  const [id, ...aliases] = ids;
  if (id === undefined || records.length === 0) return undefined;
  const { now, notice, policy, verdicts } = options;
  const summary = records.find((record) => record.summary !== '')?.summary ?? '';
  return { notice, now, id, aliases, summary, ratings: ratingsView(records, policy), verdicts };
}
