import { Failure } from '../../core/failure.ts';

/** How the form that SUSE keeps its packages in begins. */
export function beginsAsNdb(file: Uint8Array): boolean {
  return wordAt(file, 0) === 'RpmP';
}

/**
 * The blobs of a database in rpm's own form ("ndb", rpm's lib/backend/ndb/rpmpkg.c, version 0), by number of package: pages of slots, each
 * with the place of one blob counted in blocks of 16 bytes. All numbers are little-endian. E0404 where it is damaged.
 */
export function* ndbBlobs(file: Uint8Array, at: string): Generator<Uint8Array> {
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  if (!beginsAsNdb(file) || file.length < PAGE_BYTES || view.getUint32(4, true) !== 0) {
    throw damaged(at, 'it does not begin as one of version 0');
  }
  const slotsEnd = view.getUint32(12, true) * PAGE_BYTES;
  if (slotsEnd > file.length) throw damaged(at, 'it lacks pages');
  const blobs = new Map<number, Uint8Array>();
  let sum = 0;
  // The header takes the place of the first two slots.
  for (let slot = 2 * SLOT_BYTES; slot < slotsEnd; slot += SLOT_BYTES) {
    const [number, block] = [view.getUint32(slot + 4, true), view.getUint32(slot + 8, true)];
    if (wordAt(file, slot) !== 'Slot') throw damaged(at, 'a slot is none');
    if (number === 0 || block === 0) continue;
    const blob = blobAt(file, { number, start: block * BLOCK_BYTES, at });
    sum += blob.length;
    // No two share bytes: all together are no larger than the file.
    if (sum > file.length || blobs.has(number)) throw damaged(at, 'its packages share a place');
    blobs.set(number, blob);
  }
  for (const [, blob] of [...blobs].toSorted(([a], [b]) => a - b)) yield blob;
}

const PAGE_BYTES = 4096;
const SLOT_BYTES = 16;
const BLOCK_BYTES = 16;

function blobAt(
  file: Uint8Array,
  { number, start, at }: { readonly number: number; readonly start: number; readonly at: string },
): Uint8Array {
  const head = new DataView(file.buffer, file.byteOffset, file.byteLength);
  if (start + 16 > file.length || wordAt(file, start) !== 'BlbS' || head.getUint32(start + 4, true) !== number) {
    throw damaged(at, `package ${number} is not where it should be`);
  }
  const lengthBytes = head.getUint32(start + 12, true);
  if (start + 16 + lengthBytes > file.length) throw damaged(at, `package ${number} is cut off`);
  return file.subarray(start + 16, start + 16 + lengthBytes);
}

function wordAt(file: Uint8Array, offset: number): string {
  return Buffer.from(file.subarray(offset, offset + 4)).toString('latin1');
}

function damaged(at: string, why: string): Failure {
  return new Failure('E0404', `The database ${at} cannot be read`, { at, why });
}
