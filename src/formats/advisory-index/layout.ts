import { Failure } from '../../core/failure.ts';
import type { VersionScheme } from '../../core/match/advisory.ts';

/**
 * The file: 16 bytes of marks, the SHA-256 of the directory, the directory (for each section its SHA-256 and length),
 * then the sections one after the other. All numbers are little-endian, and everything begins at a multiple of 8.
 *
 * A section: its counts, columns of 32-bit numbers in the order of `COLUMNS`, then the heap of texts. A text is named by
 * its offset in the heap, 0 is none; a record by its number, in rows with the statement's traits in the upper 8 bits.
 */
export const MARK_BYTES = 16;
export const DIGEST_BYTES = 32;
export const DIRECTORY_ROW_BYTES = DIGEST_BYTES + 8;
export const MAGIC = 0x58495553;
export const FORMAT_VERSION = 1;
export const SECTIONS_MAX = 1024;
/** Of one section; above it in the same number are eight bits of traits. */
export const RECORDS_MAX = 2 ** 24;
export const GROUPS_MAX = 2 ** 24;
/** Offsets share their numbers with up to three bits. */
export const HEAP_BYTES_MAX = 2 ** 29;
/** Beside an id: the record is about it, the id is no other name of it. */
export const UPSTREAM = 2 ** 31;

/** What a section counts, in this order; `heap` in bytes. */
export const COUNTS = [
  'name',
  'slots',
  'groups',
  'intervals',
  'versions',
  'oddRanges',
  'stated',
  'records',
  'aliases',
  'heap',
] as const;
export type Counts = Readonly<Record<(typeof COUNTS)[number], number>>;

/** Each column with what there is one of for each of its numbers; those that start runs have one more at the end. */
export const COLUMNS = {
  /** Open addressing over (package, stream): number of a group and one, above it 8 bits of the hash; 0 is free. */
  slots: 'slots',
  groupPackage: 'groups',
  groupStream: 'groups',
  groupScheme: 'groups',
  groupIntervals: 'groups+1',
  groupVersions: 'groups+1',
  groupOddRanges: 'groups+1',
  groupStated: 'groups+1',
  /** Intervals of a group by their low end; ends are bounds, the high one twice its offset and 1 when it is inside. */
  intervalLow: 'intervals',
  intervalHigh: 'intervals',
  /** The highest high end below this node of the tree that bisection of the group makes. */
  intervalTop: 'intervals',
  intervalRecord: 'intervals',
  /** Versions of a group that are named and lie in none of the record's intervals, in order. */
  versionBound: 'versions',
  versionRecord: 'versions',
  /** Ranges that have no place in the order. */
  oddIntroduced: 'oddRanges',
  oddFixed: 'oddRanges',
  oddLastAffected: 'oddRanges',
  oddRecord: 'oddRanges',
  statedRecord: 'stated',
  /** 1: nobody knows; 0: not affected. */
  statedUnknown: 'stated',
  recordId: 'records',
  /** Eight times its offset, and the record's traits. */
  recordSource: 'records',
  recordAliases: 'records+1',
  aliasId: 'aliases',
} as const satisfies Readonly<Record<string, keyof Counts | `${keyof Counts}+1`>>;
export type ColumnName = keyof typeof COLUMNS;

export function columnLength(name: ColumnName, counts: Counts): number {
  const per = COLUMNS[name];
  return per === 'groups+1' ? counts.groups + 1 : per === 'records+1' ? counts.records + 1 : counts[per];
}

/** Numbers of schemes are for ever; a new one gets the next number. */
export const SCHEME_CODES = {
  semver: 1,
  apk: 2,
  deb: 3,
  go: 4,
  pypi: 5,
  generic: 6,
  rpm: 7,
  maven: 8,
  rubygems: 9,
  nuget: 10,
  packagist: 11,
  pub: 12,
  bitnami: 13,
  dotted: 14,
} as const satisfies Readonly<Record<VersionScheme, number>>;

/** What an index says that is no index of ours, or no longer as it was written. */
export function damagedIndex(why: string, cause?: unknown): Failure {
  return new Failure('E0803', 'The advisory index cannot be used', {
    why,
    kept: 'the advisories that it was made from',
    hint: 'build the index again from the feeds',
    retryable: false,
    cause,
  });
}
