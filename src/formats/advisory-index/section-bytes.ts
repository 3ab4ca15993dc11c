import { COLUMNS, COUNTS, columnLength } from './layout.ts';
import type { ColumnName, Counts } from './layout.ts';

export interface SectionParts {
  /** Of the section's name in the heap. */
  readonly name: number;
  readonly columns: Readonly<Record<ColumnName, ArrayLike<number>>>;
  readonly heap: Uint8Array;
}

/** Counts, columns and heap one after the other. */
export function sectionBytes({ name, columns, heap }: SectionParts): Uint8Array {
  const counts: Counts = {
    name,
    slots: columns.slots.length,
    groups: columns.groupPackage.length,
    intervals: columns.intervalLow.length,
    versions: columns.versionBound.length,
    oddRanges: columns.oddRecord.length,
    stated: columns.statedRecord.length,
    records: columns.recordId.length,
    aliases: columns.aliasId.length,
    heap: heap.length,
  };
  const names = Object.keys(COLUMNS) as ColumnName[];
  const numbers = COUNTS.length + names.reduce((sum, each) => sum + columnLength(each, counts), 0);
  const bytes = new Uint8Array(Math.ceil((numbers * 4 + heap.length) / 8) * 8);
  const words = new Uint32Array(bytes.buffer, 0, numbers);
  words.set(COUNTS.map((count) => counts[count]));
  let at: number = COUNTS.length;
  for (const each of names) {
    words.set(columns[each], at);
    at += columnLength(each, counts);
  }
  bytes.set(heap, numbers * 4);
  return bytes;
}
