import { createReadStream } from 'node:fs';
import { Failure } from '../../core/failure.ts';

/** Far above any fact: an advisory with ten thousand ranges is 2 MB. */
const LINE_BYTES_MAX = 64 * 1024 * 1024;

export interface FileLine {
  readonly text: string;
  /** It is UTF-8 and ends with a line feed: what is not is nothing that we wrote. */
  readonly whole: boolean;
}

/**
 * The lines of a file, each without its line feed, a batch for each piece that is read. Only a line feed ends a line.
 * E0205 for a line without end.
 */
export async function* linesOf(path: string): AsyncIterable<readonly FileLine[]> {
  let rest: Uint8Array = new Uint8Array();
  for await (const piece of createReadStream(path, { highWaterMark: 1024 * 1024 }) as AsyncIterable<Uint8Array>) {
    const bytes = rest.length === 0 ? piece : Buffer.concat([rest, piece]);
    const end = bytes.lastIndexOf(0x0a);
    rest = bytes.subarray(end + 1);
    if (rest.length > LINE_BYTES_MAX) throw new Failure('E0205', `A line of ${path} has no end`, { at: path });
    if (end >= 0) yield linesIn(bytes.subarray(0, end));
  }
  if (rest.length > 0) yield [{ text: Buffer.from(rest).toString('utf8'), whole: false }];
}

const strict = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

function linesIn(bytes: Uint8Array): readonly FileLine[] {
  try {
    return strict
      .decode(bytes)
      .split('\n')
      .map((text) => ({ text, whole: true }));
  } catch {
    return piecesOf(bytes).map(lineOf);
  }
}

function lineOf(bytes: Uint8Array): FileLine {
  try {
    return { text: strict.decode(bytes), whole: true };
  } catch {
    return { text: '', whole: false };
  }
}

function piecesOf(bytes: Uint8Array): readonly Uint8Array[] {
  const pieces: Uint8Array[] = [];
  let start = 0;
  for (let end = bytes.indexOf(0x0a); end >= 0; end = bytes.indexOf(0x0a, start)) {
    pieces.push(bytes.subarray(start, end));
    start = end + 1;
  }
  return [...pieces, bytes.subarray(start)];
}
