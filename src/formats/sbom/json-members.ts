import { Failure } from '../../core/failure.ts';

/** A piece of a JSON document, in bytes. */
export interface JsonSpan {
  readonly start: number;
  readonly end: number;
}

/**
 * Where the members of a document's outermost object lie. Bytes between are checked to balance and no more; of a member that
 * is stated twice the last one counts, as everywhere. E0404 where it is no object.
 */
export function jsonMembers(bytes: Uint8Array, at: string): ReadonlyMap<string, JsonSpan> {
  const scan = new Scan(bytes, at);
  const members = new Map<string, JsonSpan>();
  let i = scan.blanks(startOf(bytes));
  if (bytes[i] !== OPEN_OBJECT) throw scan.malformed(i, 'is no JSON object');
  i = scan.blanks(i + 1);
  while (bytes[i] !== CLOSE_OBJECT) {
    const keyEnd = scan.value(i);
    const key = parsedSpan(bytes, { start: i, end: keyEnd }, at);
    if (typeof key !== 'string') throw scan.malformed(i, 'has a member without a name');
    i = scan.blanks(keyEnd);
    if (bytes[i] !== COLON) throw scan.malformed(i, 'is not valid JSON');
    const start = scan.blanks(i + 1);
    const end = scan.value(start);
    members.set(key, { start, end });
    i = scan.next(end, CLOSE_OBJECT);
  }
  if (scan.blanks(i + 1) !== bytes.length) throw scan.malformed(i + 1, 'goes on after its end');
  return members;
}

/** The elements of an array, parsed one after the other; none where there is no such member or it is null. */
export function* jsonElements(bytes: Uint8Array, span: JsonSpan | undefined, at: string): Generator<unknown> {
  if (span === undefined || parsesToNull(bytes, span)) return;
  const scan = new Scan(bytes, at);
  if (bytes[span.start] !== OPEN_ARRAY) throw scan.malformed(span.start, 'has something else where a list belongs');
  let i = scan.blanks(span.start + 1);
  while (bytes[i] !== CLOSE_ARRAY) {
    const end = scan.value(i);
    yield parsedSpan(bytes, { start: i, end }, at);
    i = scan.next(end, CLOSE_ARRAY);
  }
}

/** A member as a whole; undefined where there is none. */
export function jsonMember(bytes: Uint8Array, span: JsonSpan | undefined, at: string): unknown {
  return span === undefined ? undefined : parsedSpan(bytes, span, at);
}

const [QUOTE, BACKSLASH, COMMA, COLON] = [0x22, 0x5c, 0x2c, 0x3a];
const [OPEN_OBJECT, CLOSE_OBJECT, OPEN_ARRAY, CLOSE_ARRAY] = [0x7b, 0x7d, 0x5b, 0x5d];
/** One component with all that is inside it. */
const ELEMENT_BYTES_MAX = 64 * 2 ** 20;
const DEPTH_MAX = 10_000;

/** A byte order mark is allowed to be passed over (RFC 8259 section 8.1). */
function startOf(bytes: Uint8Array): number {
  return bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? 3 : 0;
}

function parsesToNull(bytes: Uint8Array, { start }: JsonSpan): boolean {
  return bytes[start] === 0x6e;
}

function parsedSpan(bytes: Uint8Array, { start, end }: JsonSpan, at: string): unknown {
  if (end - start > ELEMENT_BYTES_MAX) {
    throw new Failure('E0205', `The document ${at} has a part larger than ${ELEMENT_BYTES_MAX} bytes`, { at });
  }
  try {
    return JSON.parse(Buffer.from(bytes.buffer, bytes.byteOffset + start, end - start).toString());
  } catch (cause) {
    throw new Failure('E0404', `The document ${at} is not valid JSON`, { at: `${at}: byte ${start}`, cause });
  }
}

class Scan {
  readonly #bytes: Buffer;
  readonly #at: string;

  constructor(bytes: Uint8Array, at: string) {
    this.#bytes = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#at = at;
  }

  blanks(from: number): number {
    let i = from;
    for (let byte = this.#bytes[i]; byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09; ) {
      i += 1;
      byte = this.#bytes[i];
    }
    return i;
  }

  /** Where the value that begins here ends. */
  value(start: number): number {
    const bytes = this.#bytes;
    let depth = 0;
    for (let i = start; i < bytes.length; i += 1) {
      const byte = bytes[i];
      if (byte === QUOTE) {
        i = this.#textEnd(i);
        if (depth === 0) return i + 1;
      } else if (byte === OPEN_OBJECT || byte === OPEN_ARRAY) {
        depth += 1;
        if (depth > DEPTH_MAX) throw this.malformed(i, 'is nested too deep');
      } else if (byte === CLOSE_OBJECT || byte === CLOSE_ARRAY) {
        // The end of what a bare word or number lies in.
        if (depth === 0) return this.#wordEnd(start, i);
        depth -= 1;
        if (depth === 0) return i + 1;
      } else if (byte === COMMA && depth === 0) return this.#wordEnd(start, i);
    }
    throw this.malformed(start, 'ends in the middle of a value');
  }

  /** Over a comma to what follows it, or to the end of the list. */
  next(from: number, close: number): number {
    const i = this.blanks(from);
    if (this.#bytes[i] === close) return i;
    if (this.#bytes[i] !== COMMA) throw this.malformed(i, 'is not valid JSON');
    const following = this.blanks(i + 1);
    if (this.#bytes[following] === close) throw this.malformed(i, 'is not valid JSON');
    return following;
  }

  malformed(offset: number, what: string): Failure {
    return new Failure('E0404', `The document ${this.#at} ${what}`, { at: `${this.#at}: byte ${offset}` });
  }

  #textEnd(quote: number): number {
    for (let end = this.#bytes.indexOf(QUOTE, quote + 1); end >= 0; end = this.#bytes.indexOf(QUOTE, end + 1)) {
      let escapes = 0;
      while (this.#bytes[end - 1 - escapes] === BACKSLASH && end - 1 - escapes > quote) escapes += 1;
      if (escapes % 2 === 0) return end;
    }
    throw this.malformed(quote, 'ends in the middle of a text');
  }

  #wordEnd(start: number, end: number): number {
    let i = end;
    while (i > start && (this.#bytes[i - 1] ?? 0) <= 0x20) i -= 1;
    if (i === start) throw this.malformed(start, 'is not valid JSON');
    return i;
  }
}
