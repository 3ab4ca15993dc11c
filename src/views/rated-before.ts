import type { Fact } from '../core/fact.ts';
import type { AdvisoryRecord, Severity } from '../core/match/advisory.ts';

/**
 * What others rate, behind the rating that counts: ", before nvd (critical 9.8)", for the policy takes the first of its
 * sources that rates. Empty when nobody else rates. The highest rating of each other source is told.
 */
export function ratedBefore(by: Severity | null, ids: readonly string[], facts: readonly Fact[]): string {
  if (by === null) return '';
  const all = newestRecords(ids, facts)
    .filter(({ withdrawn }) => withdrawn === null)
    .flatMap(({ severities }) => severities);
  const others = Map.groupBy(
    all.filter(({ source }) => source !== by.source),
    ({ source }) => source,
  );
  const told = [...others]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([source, ratings]) => {
      const [highest] = ratings.toSorted(
        (a, b) => LEVELS.indexOf(a.level) - LEVELS.indexOf(b.level) || score(b) - score(a),
      );
      return highest === undefined ? [] : [`${source} (${wordsOf(highest)})`];
    });
  return told.length === 0 ? '' : `, before ${told.join(', ')}`;
}

function newestRecords(ids: readonly string[], facts: readonly Fact[]): readonly AdvisoryRecord[] {
  const records = new Map<string, AdvisoryRecord>();
  for (const fact of facts) {
    if (fact.type === 'advisory-recorded' && ids.includes(fact.payload.id)) {
      records.set(`${fact.payload.id} ${fact.payload.source}`, fact.payload);
    }
  }
  return [...records.values()];
}

const LEVELS: readonly Severity['level'][] = ['critical', 'high', 'medium', 'low'];

function score(severity: Severity): number {
  return severity.score ?? 0;
}

function wordsOf({ level, score: given }: Severity): string {
  return given === null ? level : `${level} ${given.toFixed(1)}`;
}
