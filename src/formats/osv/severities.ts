import type { Severity, SeverityLevel } from '../../core/match/advisory.ts';
import type { OsvRecord } from './osv-schema.ts';
import { rateCvss } from './rate-cvss.ts';

/**
 * All ratings of a record, each with who gave it. Ratings of single packages stand in where the record as a whole has
 * none; a word in the database's own part counts only where nothing else rates. What cannot be scored is left out.
 */
export function severitiesOf(record: OsvRecord): readonly Severity[] {
  const source = raterOf(record);
  const given = record.severity.length > 0 ? record.severity : record.affected.flatMap(({ severity }) => severity);
  const rated = given.flatMap(({ type, score }) => rate(type, score, source) ?? []);
  if (rated.length > 0) return [...new Map(rated.map((severity) => [JSON.stringify(severity), severity])).values()];
  const word = record.database_specific?.severity;
  const labelled = typeof word === 'string' ? label(word, source) : undefined;
  return labelled === undefined ? [] : [labelled];
}

/** GitHub rates its own advisories, NVD or the assigning authority the CVE records; any other database is a vendor's. */
function raterOf({ id, database_specific: specific }: OsvRecord): string {
  if (id.startsWith('GHSA-')) return 'ghsa';
  if (id.startsWith('CVE-')) return specific?.cna_assigner === undefined ? 'nvd' : 'cna';
  return 'vendor';
}

function rate(type: string, score: string, source: string): Severity | undefined {
  return type === 'Ubuntu' ? label(score, source) : rateCvss(score, source);
}

const LEVELS: ReadonlyMap<string, SeverityLevel> = new Map([
  ['critical', 'critical'],
  ['high', 'high'],
  ['important', 'high'],
  ['moderate', 'medium'],
  ['medium', 'medium'],
  ['low', 'low'],
  ['negligible', 'low'],
]);

function label(word: string, source: string): Severity | undefined {
  const level = LEVELS.get(word.toLowerCase());
  return level && { source, type: 'label', vector: null, score: null, level };
}
