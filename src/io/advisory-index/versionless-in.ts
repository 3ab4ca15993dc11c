import type { FeedKind } from '../../core/catalog/catalog.ts';
import type { AdvisoryRecord, AffectedPackage } from '../../core/match/advisory.ts';

/**
 * How many entries of OSV records name no version and no range of any. A record without any package counts as one: it tells of
 * commits in a repository, unless it is of a kind that has no versions at all.
 */
export function versionlessIn(kind: FeedKind, records: readonly AdvisoryRecord[]): number {
  if (!OSV.has(kind)) return 0;
  const speaking = records.filter(({ withdrawn, informational }) => withdrawn === null && informational === undefined);
  const counts = speaking.map(({ affected }) => (affected.length === 0 ? 1 : affected.filter(isVersionless).length));
  return counts.reduce((sum, each) => sum + each, 0);
}

const OSV: ReadonlySet<FeedKind> = new Set(['osv', 'ghsa', 'govulndb', 'pypa']);

function isVersionless({ ranges, versions, verdict, customRanges = [], unreadRanges = 0 }: AffectedPackage): boolean {
  return verdict === undefined && ranges.length + versions.length + customRanges.length + unreadRanges === 0;
}
