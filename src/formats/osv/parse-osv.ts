import type * as z from 'zod';
import { Failure } from '../../core/failure.ts';
import type { AdvisoryRecord, AffectedPackage, AffectedRange, VersionScheme } from '../../core/match/advisory.ts';
import { distributionOfId } from '../../core/match/distribution-id.ts';
import type { InstantText } from '../../core/fact.ts';
import { fixCommitsOf } from './fix-commits.ts';
import { importsOf } from './affected-imports.ts';
import { flattenEvents } from './flatten-events.ts';
import { instantOf, parseInstant } from './instant-of.ts';
import { osvRecord, type OsvAffected, type OsvRecord } from './osv-schema.ts';
import { packageKey, type PackageKey, versionless } from './package-key.ts';
import { severitiesOf, severitiesOfPackage } from './severities.ts';

export interface OsvOrigin {
  /** The file or address that the record came from, for messages. */
  readonly name: string;
  /** Who publishes it, in an `AdvisoryRecord`'s words. */
  readonly source: string;
  /** Stands in for a `modified` date that the publisher leaves open. */
  readonly observedAt: Temporal.Instant;
}

/**
 * One OSV record in our words. Ranges over commits are no ranges of versions and are passed over; ranges whose order we do
 * not know are counted; entries without a package or with a purl that is none match nothing and are left out. Throws
 * Failure E0202 when the record is not one.
 */
export function parseOsv(json: unknown, origin: OsvOrigin): AdvisoryRecord {
  const parsed = osvRecord.safeParse(json);
  if (!parsed.success) throw unusable(origin.name, firstIssue(parsed.error));
  const record = parsed.data;
  const informational = informationalOf(record);
  return {
    id: record.id,
    source: origin.source,
    ...namesOf(record),
    summary: summaryOf(record),
    published: instantOf(record.published),
    modified: modifiedOf(record, origin),
    withdrawn: instantOf(record.withdrawn),
    severities: severitiesOf(record),
    // An unmaintained package has no flaw that a version of it could lack.
    affected:
      informational === undefined || informational === 'unsound'
        ? record.affected.flatMap((entry) => affectedOf(entry, record))
        : [],
    exploitedSince: null,
    epss: null,
    malicious: isMalicious(record),
    ...(informational !== undefined && { informational }),
    ...reviewOf(record),
  };
}

/** A distribution's own record of one flaw has that flaw's id as another name; its notice about several has not. */
function namesOf({
  id,
  aliases,
  upstream,
  database_specific: specific,
}: OsvRecord): Pick<AdvisoryRecord, 'aliases' | 'upstream'> {
  const others = (ids: readonly string[]) => [...new Set(ids)].filter((each) => each !== id);
  const flaws = others(upstream);
  if (specific?.suture?.own === true) return { aliases: others([...aliases, ...flaws]) };
  if (flaws.length === 1 && distributionOfId(id) !== undefined) return { aliases: others([...aliases, ...flaws]) };
  return { aliases: others(aliases), ...(flaws.length > 0 && { upstream: flaws }) };
}

function affectedOf(entry: OsvAffected, record: OsvRecord): readonly AffectedPackage[] {
  const key = entry.package ? packageKey(entry.package) : ownKey(entry);
  if (key === undefined) return [];
  const ranges = entry.ranges.filter(({ type }) => type === 'SEMVER' || (type === 'ECOSYSTEM' && key.isOrdered));
  const unread = entry.ranges.filter((range) => range.type !== 'GIT' && !ranges.includes(range)).length;
  const onlySemver = ranges.length > 0 && ranges.every(({ type }) => type === 'SEMVER');
  const scheme: VersionScheme = key.scheme === 'generic' && onlySemver ? 'semver' : key.scheme;
  const hints = { ...record.database_specific?.suture, ...entry.database_specific?.suture };
  const fixCommits = fixCommitsOf(entry, hints);
  const imports = importsOf(entry);
  const severities = severitiesOfPackage(record, entry.severity);
  const custom = entry.ecosystem_specific?.custom_ranges?.filter(({ type }) => type === 'ECOSYSTEM') ?? [];
  return [
    {
      package: key.purl,
      stream: hints.stream ?? key.stream,
      scheme,
      ranges: distinct(ranges.flatMap(({ events }) => flattenEvents(scheme, events))),
      versions: entry.versions,
      ...(fixCommits.length > 0 && { fixCommits }),
      ...(key.channel !== undefined && { channel: key.channel }),
      ...(severities.length > 0 && { severities }),
      ...(imports.length > 0 && { imports }),
      ...(custom.length > 0 && {
        customRanges: distinct(custom.flatMap(({ events }) => flattenEvents(scheme, events))),
      }),
      ...(unread > 0 && { unreadRanges: unread }),
    },
  ];
}

/** Only our own records name a package in this way. */
function ownKey({ database_specific: specific }: OsvAffected): PackageKey | undefined {
  const { package: purl, scheme } = specific?.suture ?? {};
  const known = purl === undefined ? undefined : versionless(purl);
  return known === undefined || scheme === undefined
    ? undefined
    : { purl: known, scheme, stream: null, isOrdered: true };
}

function distinct(ranges: readonly AffectedRange[]): readonly AffectedRange[] {
  return [...new Map(ranges.map((range) => [JSON.stringify(range), range])).values()];
}

/** Ids of the malicious packages repository, or the weakness "embedded malicious code". */
function isMalicious({ id, database_specific: specific }: OsvRecord): boolean {
  const weaknesses = Array.isArray(specific?.cwe_ids) ? specific.cwe_ids : [];
  return id.startsWith('MAL-') || weaknesses.includes('CWE-506');
}

/** RustSec says of each package what kind of notice it is, and of a vulnerability nothing. */
function informationalOf({ affected }: OsvRecord): AdvisoryRecord['informational'] {
  const kinds = affected.map(({ database_specific: specific }) => specific?.informational ?? null);
  return (['unmaintained', 'unsound', 'notice'] as const).find(
    (kind) => kinds.length > 0 && kinds.every((each) => each === kind),
  );
}

function reviewOf({ database_specific: specific }: OsvRecord): Pick<AdvisoryRecord, 'reviewed'> {
  if (typeof specific?.github_reviewed === 'boolean') return { reviewed: specific.github_reviewed };
  const status = specific?.review_status;
  return status === 'REVIEWED' || status === 'UNREVIEWED' ? { reviewed: status === 'REVIEWED' } : {};
}

function summaryOf({ summary, details }: OsvRecord): string {
  const text = (summary ?? '').trim() || ((details ?? '').trim().split('\n', 1)[0] ?? '');
  return (text.length > 300 ? `${text.slice(0, 299)}…` : text).toWellFormed();
}

/** Some databases write the year 1 where they leave a date open. */
function modifiedOf(record: OsvRecord, { name, observedAt }: OsvOrigin): InstantText {
  if (parseInstant(record.modified) === null)
    throw unusable(name, `modified is "${record.modified}", which is no instant`);
  return instantOf(record.modified) ?? instantOf(record.published) ?? observedAt.toString();
}

function firstIssue(error: z.ZodError): string {
  const issue = error.issues[0];
  const path = (issue?.path ?? []).map((key) => (typeof key === 'number' ? `[${key}]` : `.${String(key)}`)).join('');
  return `${path.replace(/^\./, '') || 'the record'}: ${issue?.message ?? 'not as the schema says'}`;
}

function unusable(name: string, why: string): Failure {
  return new Failure('E0202', `${name} is not an OSV record that can be used`, {
    at: name,
    why,
    kept: 'what this record said before stays in force, and all other records are read',
    hint: 'report it to the publisher of the feed; the next look reads it again',
    retryable: false,
  });
}
