import type { AdvisoryRecord } from '../../core/match/advisory.ts';
import type { HeapWriter } from './heap-writer.ts';
import { UPSTREAM } from './layout.ts';
import { RECORD_TRAITS, packRecord } from './traits.ts';

/**
 * Columns about the records of a section. A later record of the same id and source takes the place of an earlier one,
 * whose rows no longer count.
 */
export class RecordRows {
  readonly ids: number[] = [];
  readonly sources: number[] = [];
  /** Where each record's ids begin; at the end where the last ones end. */
  readonly aliases: number[] = [0];
  readonly aliasIds: number[] = [];
  readonly #heap: HeapWriter;
  readonly #newest = new Map<string, Map<string, number>>();
  readonly #replaced = new Set<number>();

  constructor(heap: HeapWriter) {
    this.#heap = heap;
  }

  add(record: AdvisoryRecord): number {
    const number = this.ids.push(this.#heap.offsetOf(record.id)) - 1;
    this.sources.push(this.#heap.offsetOf(record.source) * RECORD_TRAITS + packRecord(record));
    for (const alias of record.aliases) this.aliasIds.push(this.#heap.offsetOf(alias));
    for (const id of record.upstream ?? []) this.aliasIds.push(this.#heap.offsetOf(id) + UPSTREAM);
    this.aliases.push(this.aliasIds.length);
    this.#replace(record, number);
    return number;
  }

  /** False when a later one replaced it. */
  counts(record: number): boolean {
    return !this.#replaced.has(record);
  }

  #replace({ id, source }: AdvisoryRecord, number: number): void {
    const ofSource = this.#newest.get(source) ?? new Map<string, number>();
    const earlier = ofSource.get(id);
    if (earlier !== undefined) this.#replaced.add(earlier);
    ofSource.set(id, number);
    this.#newest.set(source, ofSource);
  }
}
