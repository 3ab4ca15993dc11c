import type { AffectedRange, VersionScheme } from '../../core/match/advisory.ts';
import { decodeText, readSpan } from './heap-text.ts';
import type { Span } from './heap-text.ts';
import { COLUMNS, COUNTS, SCHEME_CODES, UPSTREAM, columnLength, damagedIndex } from './layout.ts';
import type { ColumnName, Counts } from './layout.ts';

/** Views over the bytes of one section: nothing is read before it is asked for, and nothing outside of it ever. */
export class Section {
  readonly counts: Counts;
  readonly columns: Readonly<Record<ColumnName, Uint32Array>>;
  readonly heap: Uint8Array;

  constructor(bytes: Uint8Array) {
    const words = new Uint32Array(bytes.buffer, bytes.byteOffset, Math.floor(bytes.length / 4));
    this.counts = Object.fromEntries(COUNTS.map((name, at) => [name, words[at] ?? 0])) as Counts;
    let at: number = COUNTS.length;
    const columns: [string, Uint32Array][] = [];
    for (const name of Object.keys(COLUMNS) as ColumnName[]) {
      const length = columnLength(name, this.counts);
      columns.push([name, words.subarray(at, at + length)]);
      at += length;
    }
    if (at * 4 + this.counts.heap > bytes.length) throw damagedIndex('a section is longer than the file says');
    this.columns = Object.fromEntries(columns) as Record<ColumnName, Uint32Array>;
    this.heap = bytes.subarray(at * 4, at * 4 + this.counts.heap);
  }

  get source(): string {
    return this.text(this.counts.name);
  }

  number(column: Uint32Array, at: number): number {
    const number = column[at];
    if (number === undefined) throw damagedIndex('it refers to what it does not hold');
    return number;
  }

  /** Where the rows of a group begin and end. */
  run(column: Uint32Array, group: number): readonly [from: number, to: number] {
    return [this.number(column, group), this.number(column, group + 1)];
  }

  text(offset: number): string {
    const span = { start: 0, end: 0 };
    readSpan(this.heap, offset, span);
    return decodeText(this.heap, span);
  }

  /** The text of a bound follows its key. */
  boundText(offset: number): string {
    const span: Span = { start: 0, end: 0 };
    readSpan(this.heap, offset, span);
    return this.text(span.end);
  }

  /** Of an interval, as the record wrote it. */
  rangeOf(row: number): AffectedRange {
    const [low, end] = [this.number(this.columns.intervalLow, row), this.number(this.columns.intervalHigh, row)];
    const introduced = low === 0 ? '0' : this.boundText(low);
    const high = end === 0 ? null : this.boundText(Math.floor(end / 2));
    return end % 2 === 1
      ? { introduced, fixed: null, lastAffected: high }
      : { introduced, fixed: high, lastAffected: null };
  }

  schemeOf(group: number): VersionScheme {
    const scheme = SCHEMES.get(this.number(this.columns.groupScheme, group));
    if (scheme === undefined) throw damagedIndex('it names an order of versions that does not exist here');
    return scheme;
  }

  idsOf(record: number): { readonly aliases: readonly string[]; readonly upstream: readonly string[] } {
    const [from, to] = this.run(this.columns.recordAliases, record);
    if (to > this.counts.aliases) throw damagedIndex('a record has more aliases than there are');
    const ids = [...this.columns.aliasId.subarray(from, to)];
    return {
      aliases: ids.filter((id) => id < UPSTREAM).map((id) => this.text(id)),
      upstream: ids.filter((id) => id >= UPSTREAM).map((id) => this.text(id - UPSTREAM)),
    };
  }
}

const SCHEMES: ReadonlyMap<number, VersionScheme> = new Map(
  (Object.keys(SCHEME_CODES) as VersionScheme[]).map((scheme) => [SCHEME_CODES[scheme], scheme]),
);
