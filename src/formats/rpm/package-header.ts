import { Failure } from '../../core/failure.ts';

/** The values of a header by tag, of the kinds that are read. */
export interface PackageHeader {
  /** The first text of a tag. */
  readonly text: (tag: number) => string | undefined;
  readonly texts: (tag: number) => readonly string[];
  readonly numbers: (tag: number) => readonly number[];
}

/**
 * A header as rpm keeps it in its database: how many entries and how many bytes of values, the entries (tag, type, offset, count), and
 * the values, all big-endian (rpm, docs/manual/format_header.md and hdrblob). An entry that comes later takes the place of one with
 * the same tag: what is changed at installation is added at the end. E0404 where it is none.
 */
export function packageHeader(bytes: Uint8Array, at: string): PackageHeader {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const count = bytes.length < 8 ? 0 : view.getUint32(0);
  const valuesAt = 8 + count * 16;
  if (count === 0 || count > ENTRIES_MAX || valuesAt + view.getUint32(4) > bytes.length) {
    throw damaged(at, 'its sizes are not those of a header');
  }
  const values = bytes.subarray(valuesAt, valuesAt + view.getUint32(4));
  const entries = new Map<number, Entry>();
  for (let index = 0; index < count; index += 1) {
    const [tag, type, offset, length] = [0, 4, 8, 12].map((part) => view.getUint32(8 + index * 16 + part));
    entries.set(tag ?? 0, { type: type ?? 0, offset: offset ?? 0, count: length ?? 0 });
  }
  const texts = (tag: number): readonly string[] => textsOf(entries.get(tag), values, at);
  return {
    text: (tag) => texts(tag)[0],
    texts,
    numbers: (tag) => numbersOf(entries.get(tag), values, at),
  };
}

/** As rpm bounds it. */
const ENTRIES_MAX = 65_535;

interface Entry {
  readonly type: number;
  readonly offset: number;
  readonly count: number;
}

const INT32 = 4;
const STRING = 6;
const STRING_ARRAY = 8;
const I18N_STRING = 9;

function textsOf(entry: Entry | undefined, values: Uint8Array, at: string): readonly string[] {
  if (entry === undefined) return [];
  const { type, offset, count } = entry;
  if (type !== STRING && type !== STRING_ARRAY && type !== I18N_STRING) throw damaged(at, 'a text is of another type');
  // Each has an end of its own, so there are no more than bytes.
  if (count > values.length || offset > values.length) throw damaged(at, 'a text lies outside of it');
  const texts: string[] = [];
  for (let start = offset; texts.length < count; ) {
    const end = values.indexOf(0, start);
    if (end < 0) throw damaged(at, 'a text has no end');
    texts.push(Buffer.from(values.buffer, values.byteOffset + start, end - start).toString());
    start = end + 1;
  }
  return texts;
}

function numbersOf(entry: Entry | undefined, values: Uint8Array, at: string): readonly number[] {
  if (entry === undefined) return [];
  const { type, offset, count } = entry;
  if (type !== INT32) throw damaged(at, 'a number is of another type');
  if (offset + count * 4 > values.length) throw damaged(at, 'a number lies outside of it');
  const view = new DataView(values.buffer, values.byteOffset + offset, count * 4);
  return Array.from({ length: count }, (_, index) => view.getUint32(index * 4));
}

function damaged(at: string, why: string): Failure {
  return new Failure('E0404', `The database ${at} lists a package that cannot be read`, { at, why });
}
