import type { AdvisoryRecord, Severity } from '../match/advisory.ts';
import { newestAt } from './dated.ts';
import type { RecordHistory } from './history.ts';
import type { Millis } from './instant.ts';
import type { Policy } from './policy.ts';
import type { RatedSeverity } from './standing.ts';

/** Within one source the newer system wins; a bare word comes last. */
const SYSTEMS: readonly Severity['type'][] = ['CVSS_V4', 'CVSS_V3.1', 'CVSS_V3.0', 'CVSS_V2', 'label'];

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
  const by = ratedBy(known, policy);
  const exploited = known.some(({ exploitedSince }) => exploitedSince !== null);
  return { level: by?.level ?? policy.severity.unscored, by, exploited };
}

/** Seconds promised under a rating; a known exploited flaw has the smaller of both. */
export function promisedSeconds({ level, exploited }: Rating, { promise }: Policy): number {
  return exploited ? Math.min(promise[level], promise.exploited) : promise[level];
}

function ratedBy(records: readonly AdvisoryRecord[], { severity, promise }: Policy): Severity | null {
  const severities = records.flatMap((record) => record.severities);
  for (const source of severity.sources) {
    const ofSource = severities.filter((each) => each.source === source);
    for (const system of SYSTEMS) {
      const ratings = ofSource.filter(({ type }) => type === system);
      const strictest = ratings.toSorted((a, b) => promise[a.level] - promise[b.level] || score(b) - score(a))[0];
      if (strictest !== undefined) return strictest;
    }
  }
  return null;
}

function score(severity: Severity): number {
  return severity.score ?? 0;
}
