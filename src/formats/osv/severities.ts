import type { Severity, SeverityLevel } from '../../core/match/advisory.ts';
import { distributionOfId } from '../../core/match/distribution-id.ts';
import { instantOf } from './instant-of.ts';
import type { OsvRecord } from './osv-schema.ts';
import { rateCvss } from './rate-cvss.ts';

/**
 * All ratings of a record, each with who gave it: its own, a word in the database's own part included, and ratings of
 * single packages where it has none. Which one counts is for the policy. What cannot be scored is left out.
 */
export function severitiesOf(record: OsvRecord): readonly Severity[] {
  const rater = raterOf(record);
  const given = record.severity.length > 0 ? record.severity : record.affected.flatMap(({ severity }) => severity);
  const word = record.database_specific?.severity;
  return distinct([
    ...given.flatMap((each) => rate(each, rater)),
    ...(typeof word === 'string' ? label(word, rater) : []),
  ]);
}

/** Ratings of one package; they win for it (OSV schema, "affected[].severity"). */
export function severitiesOfPackage(record: OsvRecord, given: OsvRecord['severity']): readonly Severity[] {
  const rater = raterOf(record);
  return distinct(given.flatMap((each) => rate(each, rater)));
}

type Rater = Pick<Severity, 'source' | 'provider' | 'ratedAt'>;

/**
 * GitHub rates the advisories that its people reviewed and copies NVD's rating into the others; NVD or the assigning
 * authority rates the CVE records; any other database is a vendor's, and a distribution's is named.
 */
function raterOf({ id, database_specific: specific }: OsvRecord): Rater {
  if (id.startsWith('GHSA-')) {
    const at = specific?.github_reviewed_at;
    const ratedAt = typeof at === 'string' ? instantOf(at) : null;
    if (specific?.github_reviewed === false) return { source: 'nvd', provider: 'github' };
    return { source: 'ghsa', ...(ratedAt !== null && { ratedAt }) };
  }
  if (id.startsWith('CVE-')) return { source: specific?.cna_assigner === undefined ? 'nvd' : 'cna' };
  const distribution = distributionOfId(id);
  return { source: 'vendor', ...(distribution !== undefined && { provider: distribution }) };
}

function distinct(severities: readonly Severity[]): readonly Severity[] {
  return [...new Map(severities.map((severity) => [JSON.stringify(severity), severity])).values()];
}

function rate({ type, score }: OsvRecord['severity'][number], rater: Rater): readonly Severity[] {
  if (type === 'Ubuntu') return label(score, rater);
  const rated = rateCvss(score, rater.source);
  return rated === undefined ? [] : [{ ...rated, ...rater }];
}

const LEVELS: ReadonlyMap<string, SeverityLevel> = new Map([
  ['critical', 'critical'],
  ['high', 'high'],
  ['important', 'high'],
  ['moderate', 'medium'],
  ['medium', 'medium'],
  ['low', 'low'],
  ['negligible', 'low'],
  ['unimportant', 'low'],
]);

function label(word: string, rater: Rater): readonly Severity[] {
  const severity = labelled(word, rater.source);
  return severity === undefined ? [] : [{ ...severity, ...rater }];
}

/** A word for a level; undefined when it says nothing about one (`none`, `untriaged`, `not yet assigned`). */
export function labelled(word: string, source: string): Severity | undefined {
  const level = LEVELS.get(word.toLowerCase());
  return level && { source, type: 'label', vector: null, score: null, level };
}
