import type { Fact } from '../fact.ts';
import { canonicalJson } from '../ledger/canonical-json.ts';
import type { AdvisoryRecord } from './advisory.ts';

/** The newest version of each record in the ledger; grows by `learnAdvisory`. */
export interface KnownAdvisories {
  /** Position of the last fact taken in. */
  seq: number;
  /** By id and source. */
  readonly records: Map<string, KnownRecord>;
  /** Ids by source: a source that is read whole has taken back what it says no more. */
  readonly idsBySource: Map<string, Set<string>>;
  /** Every name of every vulnerability that they speak of. */
  readonly ids: Set<string>;
}

export interface KnownRecord {
  readonly record: AdvisoryRecord;
  /** How many versions of it are recorded. */
  readonly versions: number;
}

export function emptyKnownAdvisories(): KnownAdvisories {
  return { seq: 0, records: new Map(), idsBySource: new Map(), ids: new Set() };
}

/** Takes in one more fact; facts of other types change nothing. */
export function learnAdvisory(known: KnownAdvisories, fact: Fact): void {
  known.seq = fact.seq;
  if (fact.type !== 'advisory-recorded') return;
  const { payload } = fact;
  const versions = (knownRecord(known, payload)?.versions ?? 0) + 1;
  known.records.set(keyOf(payload), { record: payload, versions });
  for (const id of [payload.id, ...payload.aliases]) known.ids.add(id);
  const ids = known.idsBySource.get(payload.source) ?? new Set();
  known.idsBySource.set(payload.source, ids.add(payload.id));
}

/** Records of a source that are in force and have other ids than these. */
export function knownBeside(
  known: KnownAdvisories,
  source: string,
  ids: ReadonlySet<string>,
): readonly AdvisoryRecord[] {
  return [...(known.idsBySource.get(source) ?? [])].flatMap((id) => {
    const record = ids.has(id) ? undefined : known.records.get(keyOf({ id, source }))?.record;
    return record === undefined || record.withdrawn !== null ? [] : [record];
  });
}

export function knownRecord(
  known: KnownAdvisories,
  record: Pick<AdvisoryRecord, 'id' | 'source'>,
): KnownRecord | undefined {
  return known.records.get(keyOf(record));
}

/** Why a version of a record becomes a fact, or why not. */
export type AdvisoryNews = 'news' | 'concerns-nobody' | 'already-recorded' | 'older-than-recorded';

/**
 * Whether this version of a record says something new about what is of concern: a package that somebody builds or
 * ships, a vulnerability that is already known here, or a record that was of concern before. A new date alone, or a
 * probability within the same hundredth, is no news; a copy older than the recorded one never comes back.
 */
export function advisoryNews(
  record: AdvisoryRecord,
  known: KnownAdvisories,
  packages: ReadonlySet<string>,
): AdvisoryNews {
  const last = knownRecord(known, record)?.record;
  if (last === undefined) return isOfConcern(record, known, packages) ? 'news' : 'concerns-nobody';
  if (Temporal.Instant.compare(Temporal.Instant.from(record.modified), Temporal.Instant.from(last.modified)) < 0) {
    return 'older-than-recorded';
  }
  return contentOf(record) === contentOf(last) ? 'already-recorded' : 'news';
}

function isOfConcern(record: AdvisoryRecord, known: KnownAdvisories, packages: ReadonlySet<string>): boolean {
  return (
    record.affected.some((affected) => packages.has(affected.package)) ||
    known.ids.has(record.id) ||
    record.aliases.some((alias) => known.ids.has(alias))
  );
}

function contentOf(record: AdvisoryRecord): string {
  const epss = record.epss === null ? null : Math.round(record.epss * 100);
  return canonicalJson({ ...record, modified: null, epss, epssModel: null });
}

function keyOf({ id, source }: Pick<AdvisoryRecord, 'id' | 'source'>): string {
  return `${id}\n${source}`;
}
