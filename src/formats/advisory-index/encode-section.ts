import type { AdvisoryRecord } from '../../core/match/advisory.ts';
import { NONE } from './bounds.ts';
import { textBytes } from './heap-text.ts';
import { HeapWriter } from './heap-writer.ts';
import { RECORDS_MAX, SCHEME_CODES } from './layout.ts';
import type { ColumnName } from './layout.ts';
import { hashBytes, hashStream, slotOf } from './package-hash.ts';
import type { Grouped, Rows } from './rows.ts';
import { sectionBytes } from './section-bytes.ts';
import { SectionRows } from './section-rows.ts';
import type { Group } from './section-rows.ts';
import { treeTops } from './tree-tops.ts';

export interface SectionInput {
  /** The name of the section: a feed, or a part of one that changes as a whole. */
  readonly source: string;
  readonly records: Iterable<AdvisoryRecord>;
}

/** One section's bytes; they depend on nothing but its records and their order. */
export function encodeSection({ source, records }: SectionInput): Uint8Array {
  const heap = new HeapWriter();
  const name = heap.offsetOf(source);
  const rows = new SectionRows(heap);
  for (const record of records) rows.add(record);
  const bound = (number: number): number => rows.bounds.offsetOf(number, heap);
  const columns = {
    ...groupColumns(rows.groups, heap),
    ...intervalColumns(rows, bound),
    ...versionColumns(rows, bound),
    ...otherColumns(rows, bound),
    recordId: rows.records.ids,
    recordSource: rows.records.sources,
    recordAliases: rows.records.aliases,
    aliasId: rows.records.aliasIds,
  } satisfies Record<ColumnName, ArrayLike<number>>;
  return sectionBytes({ name, columns, heap: heap.bytes() });
}

function groupColumns(groups: readonly Group[], heap: HeapWriter) {
  const slots = new Uint32Array(Math.ceil(groups.length / 0.6) + 1);
  for (const [number, group] of groups.entries()) {
    const name = hashBytes(textBytes(group.package));
    const hash = group.stream === null ? name : hashStream(name, textBytes(group.stream));
    let at = hash % slots.length;
    while (slots[at] !== 0) at = (at + 1) % slots.length;
    slots[at] = slotOf(number, hash);
  }
  return {
    slots,
    groupPackage: groups.map((group) => heap.offsetOf(group.package)),
    groupStream: groups.map(({ stream }) => (stream === null ? 0 : heap.offsetOf(stream))),
    groupScheme: groups.map(({ scheme }) => SCHEME_CODES[scheme]),
  };
}

type BoundOffset = (number: number) => number;

function intervalColumns(rows: SectionRows, bound: BoundOffset) {
  const { intervals, bounds } = rows;
  const low = (row: number): number => intervals.at(row, 0);
  const high = (row: number): number => intervals.at(row, 1);
  const compareLow = (a: number, b: number): number => bounds.compare(low(a), low(b), -1);
  const compareHigh = (a: number, b: number): number =>
    bounds.compare(high(a), high(b), 1) || intervals.at(a, 2) - intervals.at(b, 2);
  const byLow = grouped(rows, intervals, (a, b) => compareLow(a, b) || compareHigh(a, b));
  const end = (row: number): number => (high(row) === NONE ? 0 : bound(high(row)) * 2 + intervals.at(row, 2));
  return {
    groupIntervals: byLow.starts,
    intervalLow: byLow.order.map((row) => bound(low(row))),
    intervalHigh: byLow.order.map(end),
    intervalTop: treeTops(byLow, compareHigh).map(end),
    intervalRecord: recordColumn(intervals, byLow),
  };
}

function versionColumns(rows: SectionRows, bound: BoundOffset) {
  const { versions, bounds } = rows;
  const version = (row: number): number => versions.at(row, 0);
  const ordered = grouped(rows, versions, (a, b) => bounds.compare(version(a), version(b), 1));
  return {
    groupVersions: ordered.starts,
    versionBound: ordered.order.map((row) => bound(version(row))),
    versionRecord: recordColumn(versions, ordered),
  };
}

function otherColumns(rows: SectionRows, bound: BoundOffset) {
  const { oddRanges, stated } = rows;
  const odd = grouped(rows, oddRanges, () => 0);
  const said = grouped(rows, stated, () => 0);
  return {
    groupOddRanges: odd.starts,
    oddIntroduced: odd.order.map((row) => bound(oddRanges.at(row, 0))),
    oddFixed: odd.order.map((row) => bound(oddRanges.at(row, 1))),
    oddLastAffected: odd.order.map((row) => bound(oddRanges.at(row, 2))),
    oddRecord: recordColumn(oddRanges, odd),
    groupStated: said.starts,
    statedRecord: recordColumn(stated, said),
    statedUnknown: said.order.map((row) => stated.at(row, 0)),
  };
}

function grouped(rows: SectionRows, table: Rows, compare: (a: number, b: number) => number): Grouped {
  return table.byGroup({ groups: rows.groups.length, counts: (record) => rows.records.counts(record), compare });
}

function recordColumn(table: Rows, { order }: Grouped): Uint32Array {
  return order.map((row) => table.recordOf(row) + table.traitsOf(row) * RECORDS_MAX);
}
