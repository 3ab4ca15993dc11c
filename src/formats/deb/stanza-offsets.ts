import { Failure } from '../../core/failure.ts';

/** Where a stanza of an index lies in its bytes. */
export interface StanzaPlace {
  readonly start: number;
  readonly end: number;
}

const INDEX_BYTES_MAX = 512 * 2 ** 20;
const STANZA_BYTES_MAX = 4 * 2 ** 20;
const LINE_FEED = 0x0a;

/**
 * Each stanza of a Packages or Sources file with its name, in order. Archives write `Package:` as the first field of
 * each; anything else there is E0404, and a file beyond all reason E0205.
 */
export function stanzaPlaces(bytes: Uint8Array, at: string): readonly (StanzaPlace & { readonly name: string })[] {
  if (bytes.length > INDEX_BYTES_MAX) {
    throw new Failure('E0205', `The index ${at} is larger than ${INDEX_BYTES_MAX} bytes`, { at });
  }
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  const places: (StanzaPlace & { readonly name: string })[] = [];
  for (let start = firstField(buffer, 0); start < buffer.length; ) {
    const blank = buffer.indexOf('\n\n', start, 'latin1');
    const end = blank < 0 ? buffer.length : blank + 1;
    if (end - start > STANZA_BYTES_MAX) {
      throw new Failure('E0205', `The index ${at} has a stanza of more than ${STANZA_BYTES_MAX} bytes`, { at });
    }
    places.push({ start, end, name: nameAt(buffer, start, at) });
    start = firstField(buffer, end);
  }
  return places;
}

/** The value of a field that some stanza of an index has, with the offset at which it stands. */
export function* fieldValues(
  bytes: Uint8Array,
  field: string,
): Generator<{ readonly at: number; readonly value: string }> {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  const needle = `\n${field}:`;
  for (let at = buffer.indexOf(needle, 0, 'latin1'); at >= 0; at = buffer.indexOf(needle, at + 1, 'latin1')) {
    let end = at;
    do end = lineEnd(buffer, end + 1);
    while (buffer[end + 1] === 0x20 || buffer[end + 1] === 0x09);
    yield { at, value: buffer.toString('latin1', at + needle.length, end) };
  }
}

function firstField(buffer: Buffer, from: number): number {
  let at = from;
  while (buffer[at] === LINE_FEED) at += 1;
  return at;
}

function nameAt(buffer: Buffer, start: number, at: string): string {
  const line = buffer.toString('latin1', start, shortLineEnd(buffer, start));
  if (!line.startsWith('Package:')) {
    throw new Failure('E0404', `The index ${at} has a stanza that does not begin with its package`, {
      at: `${at}: byte ${start}`,
    });
  }
  return line.slice(8).trim();
}

/** For lines of a few characters, where a call of indexOf costs more than it finds. */
function shortLineEnd(buffer: Buffer, from: number): number {
  let end = from;
  while (end < buffer.length && buffer[end] !== LINE_FEED) end += 1;
  return end;
}

function lineEnd(buffer: Buffer, from: number): number {
  const end = buffer.indexOf(LINE_FEED, from);
  return end < 0 ? buffer.length : end;
}
