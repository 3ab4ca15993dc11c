import { createHash } from 'node:crypto';
import type { Digest } from '../../core/digest.ts';
import { parseDigest } from '../../core/digest.ts';
import { invariant } from '../../core/invariant.ts';
import {
  DIGEST_BYTES,
  DIRECTORY_ROW_BYTES,
  FORMAT_VERSION,
  MAGIC,
  MARK_BYTES,
  SECTIONS_MAX,
  damagedIndex,
} from './layout.ts';

/** A section as the file holds it. */
export interface FiledSection {
  readonly bytes: Uint8Array;
  readonly digest: Digest;
}

/** Puts sections together; the digest of the whole covers those of all sections. */
export function joinSections(sections: readonly FiledSection[]): Uint8Array {
  invariant(sections.length <= SECTIONS_MAX, `an index has at most ${SECTIONS_MAX} sections`);
  const start = MARK_BYTES + DIGEST_BYTES;
  const head = new Uint8Array(start + sections.length * DIRECTORY_ROW_BYTES);
  const words = new Uint32Array(head.buffer);
  words.set([MAGIC, FORMAT_VERSION, sections.length]);
  for (const [number, { bytes, digest }] of sections.entries()) {
    const at = start + number * DIRECTORY_ROW_BYTES;
    head.set(Buffer.from(digest.slice('sha256:'.length), 'hex'), at);
    words[(at + DIGEST_BYTES) / 4] = bytes.length;
  }
  head.set(createHash('sha256').update(head.subarray(start)).digest(), MARK_BYTES);
  return Buffer.concat([head, ...sections.map(({ bytes }) => bytes)]);
}

/** The sections of a file, not yet compared with their digests. Throws Failure E0803 when the directory is not in order. */
export function splitSections(file: Uint8Array): { readonly digest: Digest; readonly sections: FiledSection[] } {
  // Columns are read in place, which wants them where multiples of 4 are.
  const bytes = file.byteOffset % 8 === 0 ? file : file.slice();
  const words = new Uint32Array(bytes.buffer, bytes.byteOffset, Math.floor(bytes.length / 4));
  if (words[0] !== MAGIC) throw damagedIndex('it does not begin as an index does');
  if (words[1] !== FORMAT_VERSION)
    throw damagedIndex(`it has format ${words[1]}, and this program reads ${FORMAT_VERSION}`);
  const count = words[2] ?? 0;
  const start = MARK_BYTES + DIGEST_BYTES;
  const end = start + count * DIRECTORY_ROW_BYTES;
  if (count > SECTIONS_MAX || end > bytes.length) throw damagedIndex('its directory is cut off');
  const stated = bytes.subarray(MARK_BYTES, start);
  const actual = createHash('sha256').update(bytes.subarray(start, end)).digest();
  if (!actual.equals(stated)) throw damagedIndex('its directory does not match its digest');
  const sections: FiledSection[] = [];
  let at = end;
  for (let row = start; row < end; row += DIRECTORY_ROW_BYTES) {
    const length = words[(row + DIGEST_BYTES) / 4] ?? 0;
    if (length % 8 !== 0 || at + length > bytes.length) throw damagedIndex('it is cut off');
    sections.push({ bytes: bytes.subarray(at, at + length), digest: digestAt(bytes, row) });
    at += length;
  }
  if (at !== bytes.length) throw damagedIndex('something follows its last section');
  return { digest: digestAt(bytes, MARK_BYTES), sections };
}

function digestAt(bytes: Uint8Array, at: number): Digest {
  const digest = parseDigest(`sha256:${Buffer.from(bytes.subarray(at, at + DIGEST_BYTES)).toString('hex')}`);
  invariant(digest !== undefined, '32 bytes are a digest');
  return digest;
}
