import { Failure } from '../../core/failure.ts';

/**
 * The blobs of a table in an SQLite file, by nothing but its bytes: the file of an image is hostile until it is read, and so never
 * reaches the engine that our own store depends on. Only what such a table needs is read (SQLite file format, sections 1.3 "The
 * Database Header", 1.6 "B-tree Pages", 2.1 "Record Format"); a journal beside it is for whoever has the file. None where there is no
 * such table; E0404 where the file is damaged or no SQLite file.
 */
export function* sqliteBlobs(file: Uint8Array, table: string, at: string): Generator<Uint8Array> {
  const pages = pagesOf(file, at);
  for (const record of rowsAt(1, pages)) {
    const [type, name, , root] = valuesOf(record, pages);
    if (textOf(type) !== 'table' || textOf(name) !== table || typeof root !== 'number') continue;
    for (const row of rowsAt(root, pages)) yield blobIn(row, pages);
    return;
  }
}

/** Deeper than a tree of the largest file that is read. */
const DEPTH_MAX = 20;
const ROW_BYTES_MAX = 64 * 2 ** 20;
const VALUES_MAX = 100;

interface Pages {
  readonly at: string;
  readonly file: Uint8Array;
  readonly view: DataView;
  readonly sizeBytes: number;
  /** What a page holds, but for the bytes that an extension keeps at its end. */
  readonly usableBytes: number;
  readonly count: number;
  /** Pages that were gone through: a tree has each of its pages once. */
  readonly seen: Set<number>;
}

function pagesOf(file: Uint8Array, at: string): Pages {
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  if (file.length < 512 || Buffer.from(file.subarray(0, 16)).toString('latin1') !== 'SQLite format 3\0') {
    throw damaged(at, 'it does not begin as an SQLite file');
  }
  const stated = view.getUint16(16);
  const sizeBytes = stated === 1 ? 65_536 : stated;
  const usableBytes = sizeBytes - (file[20] ?? 0);
  if (sizeBytes < 512 || (sizeBytes & (sizeBytes - 1)) !== 0 || usableBytes < 480)
    throw damaged(at, 'its pages have no size');
  if (view.getUint32(56) > 1) throw damaged(at, 'its text is not UTF-8');
  return { at, file, view, sizeBytes, usableBytes, count: Math.floor(file.length / sizeBytes), seen: new Set() };
}

/** The records below a page, in order. */
function* rowsAt(page: number, pages: Pages, depth = 0): Generator<Uint8Array> {
  if (depth > DEPTH_MAX || pages.seen.has(page)) throw damaged(pages.at, 'its pages lead back to themselves');
  pages.seen.add(page);
  const start = startOf(page, pages);
  const header = page === 1 ? start + 100 : start;
  const kind = pages.file[header];
  if (kind !== LEAF && kind !== INTERIOR) throw damaged(pages.at, `page ${page} is none of a table`);
  const cells = pages.view.getUint16(header + 3);
  const pointers = header + (kind === LEAF ? 8 : 12);
  if (pointers + cells * 2 > start + pages.sizeBytes) throw damaged(pages.at, `page ${page} has more cells than fit`);
  for (let cell = 0; cell < cells; cell += 1) {
    const offset = pages.view.getUint16(pointers + cell * 2);
    if (offset + 4 > pages.usableBytes) throw damaged(pages.at, `page ${page} has a cell outside of it`);
    if (kind === LEAF) yield recordAt(start + offset, start, pages);
    else yield* rowsAt(pages.view.getUint32(start + offset), pages, depth + 1);
  }
  if (kind === INTERIOR) yield* rowsAt(pages.view.getUint32(header + 8), pages, depth + 1);
}

const LEAF = 0x0d;
const INTERIOR = 0x05;

function startOf(page: number, { at, sizeBytes, count }: Pages): number {
  if (page < 1 || page > count) throw damaged(at, `it lacks page ${page}`);
  return (page - 1) * sizeBytes;
}

/** What does not fit into the cell goes on in a chain of pages of its own. */
function recordAt(cell: number, start: number, pages: Pages): Uint8Array {
  const { file, usableBytes: usable, at, view } = pages;
  const [sizeBytes, afterSize] = varint(file, cell);
  const [, content] = varint(file, afterSize);
  if (sizeBytes > ROW_BYTES_MAX || sizeBytes > file.length) throw damaged(at, `a row has ${sizeBytes} bytes`);
  const least = Math.floor(((usable - 12) * 32) / 255) - 23;
  const fitting = least + ((sizeBytes - least) % (usable - 4));
  const localBytes = sizeBytes <= usable - 35 ? sizeBytes : fitting <= usable - 35 ? fitting : least;
  const isWhole = localBytes === sizeBytes;
  if (content + localBytes + (isWhole ? 0 : 4) > start + usable) throw damaged(at, 'a row ends outside of its page');
  if (isWhole) return file.subarray(content, content + sizeBytes);
  const record = new Uint8Array(sizeBytes);
  record.set(file.subarray(content, content + localBytes));
  let next = view.getUint32(content + localBytes);
  for (let filled = localBytes; filled < sizeBytes; ) {
    // No two rows share a page: all rows together are no larger than the file.
    if (pages.seen.has(next)) throw damaged(at, 'its rows share pages');
    pages.seen.add(next);
    const page = startOf(next, pages);
    const part = file.subarray(page + 4, page + 4 + Math.min(usable - 4, sizeBytes - filled));
    record.set(part, filled);
    filled += part.length;
    next = view.getUint32(page);
  }
  return record;
}

type Value = Uint8Array | number | null;

function valuesOf(record: Uint8Array, { at }: Pages): readonly Value[] {
  const [headerBytes, first] = varint(record, 0);
  const values: Value[] = [];
  let content = headerBytes;
  for (let offset = first; offset < headerBytes && values.length < VALUES_MAX; ) {
    const [type, next] = varint(record, offset);
    offset = next;
    const lengthBytes = lengthOf(type);
    if (content + lengthBytes > record.length) throw damaged(at, 'a value ends outside of its row');
    const bytes = record.subarray(content, content + lengthBytes);
    values.push(type >= 12 ? bytes : numberOf(type, bytes));
    content += lengthBytes;
  }
  return values;
}

function blobIn(record: Uint8Array, pages: Pages): Uint8Array {
  const blob = valuesOf(record, pages).find((value) => value instanceof Uint8Array);
  if (blob === undefined || blob === null) throw damaged(pages.at, 'a row holds no blob');
  return blob as Uint8Array;
}

function lengthOf(type: number): number {
  return type >= 12 ? (type - 12) >> 1 : ([0, 1, 2, 3, 4, 6, 8, 8, 0, 0][type] ?? 0);
}

/** Whole numbers only: a page, a number of a header. */
function numberOf(type: number, bytes: Uint8Array): number | null {
  if (type === 0 || type === 7 || type > 9) return null;
  return type >= 8 ? type - 8 : bytes.reduce((sum, byte) => sum * 256 + byte, 0);
}

/** Big-endian, seven bits a byte; what is beyond 2^53 is larger than any file, and so is the number that comes of it. */
function varint(bytes: Uint8Array, offset: number): readonly [value: number, next: number] {
  let value = 0;
  for (let index = 0; index < 8; index += 1) {
    const byte = bytes[offset + index] ?? 0;
    value = value * 128 + (byte & 0x7f);
    if (byte < 0x80) return [value, offset + index + 1];
  }
  return [value * 256 + (bytes[offset + 8] ?? 0), offset + 9];
}

function textOf(value: Value | undefined): string | undefined {
  return value instanceof Uint8Array ? Buffer.from(value).toString() : undefined;
}

function damaged(at: string, why: string): Failure {
  return new Failure('E0404', `The database ${at} cannot be read`, { at, why });
}
