import { crc32, inflateRawSync } from 'node:zlib';
import { Failure } from '../../core/failure.ts';

export interface GunzipBounds {
  /** What is being unpacked, for messages. */
  readonly what: string;
  /** Of everything together, uncompressed. */
  readonly outputBytesMax: number;
  readonly membersMax?: number;
}

export interface GzipMember {
  /** Header, deflate data and trailer. */
  readonly compressed: Uint8Array;
  readonly content: Uint8Array;
}

/** Uncompresses all members of a gzip file. E0205 beyond the bound, E0404 when anything is malformed. */
export function gunzip(bytes: Uint8Array, bounds: GunzipBounds): Uint8Array {
  const members = gunzipMembers(bytes, bounds);
  const [only] = members;
  return members.length === 1 && only !== undefined
    ? only.content
    : Buffer.concat(members.map((member) => member.content));
}

/** The members of a gzip file one by one, each checked against its CRC and length (RFC 1952 section 2.3.1). */
export function gunzipMembers(bytes: Uint8Array, bounds: GunzipBounds): GzipMember[] {
  const members: GzipMember[] = [];
  let offset = 0;
  let left = bounds.outputBytesMax;
  while (offset < bytes.length || members.length === 0) {
    if (members.length >= (bounds.membersMax ?? 10_000)) throw broken(bounds, offset, 'has too many gzip members');
    const member = readMember(bytes, offset, left, bounds);
    members.push(member);
    offset += member.compressed.length;
    left -= member.content.length;
  }
  return members;
}

function readMember(bytes: Uint8Array, offset: number, outputBytesMax: number, bounds: GunzipBounds): GzipMember {
  const start = offset + headerLength(bytes.subarray(offset), bounds, offset);
  const { content, consumed } = inflate(bytes.subarray(start), outputBytesMax, bounds, start);
  const trailer = start + consumed;
  if (trailer + 8 > bytes.length) throw broken(bounds, trailer, 'ends in the middle of a gzip member');
  const view = new DataView(bytes.buffer, bytes.byteOffset + trailer, 8);
  if (view.getUint32(0, true) !== crc32(content) || view.getUint32(4, true) !== content.length % 2 ** 32) {
    throw broken(bounds, trailer, 'does not have the checksum or length that it states');
  }
  return { compressed: bytes.subarray(offset, trailer + 8), content };
}

const FLAG = { crc: 2, extra: 4, name: 8, comment: 16, reserved: 0xe0 } as const;

function headerLength(bytes: Uint8Array, bounds: GunzipBounds, offset: number): number {
  const flags = bytes[3] ?? 0;
  if (bytes.length < 18 || bytes[0] !== 0x1f || bytes[1] !== 0x8b || bytes[2] !== 8 || (flags & FLAG.reserved) !== 0) {
    throw broken(bounds, offset, 'is not gzip');
  }
  let length = 10;
  if ((flags & FLAG.extra) !== 0) length += 2 + ((bytes[10] ?? 0) | ((bytes[11] ?? 0) << 8));
  for (const flag of [FLAG.name, FLAG.comment]) {
    if ((flags & flag) === 0) continue;
    const end = bytes.indexOf(0, length);
    if (end < 0) throw broken(bounds, offset, 'ends in the middle of a gzip header');
    length = end + 1;
  }
  if ((flags & FLAG.crc) !== 0) length += 2;
  if (length > bytes.length) throw broken(bounds, offset, 'ends in the middle of a gzip header');
  return length;
}

function inflate(
  bytes: Uint8Array,
  maxOutputLength: number,
  bounds: GunzipBounds,
  offset: number,
): { readonly content: Uint8Array; readonly consumed: number } {
  try {
    const options = { info: true, maxOutputLength: Math.max(maxOutputLength, 1), chunkSize: chunkSizeFor(bytes) };
    const done = inflateRawSync(bytes, options) as unknown as Inflated;
    if (done.buffer.length > maxOutputLength) throw tooLarge(bounds);
    return { content: done.buffer, consumed: done.engine.bytesWritten };
  } catch (error) {
    if (error instanceof Failure) throw error;
    if (error instanceof RangeError && 'code' in error && error.code === 'ERR_BUFFER_TOO_LARGE') throw tooLarge(bounds);
    throw broken(bounds, offset, 'has damaged or truncated deflate data', error);
  }
}

/** Pieces of 1 MiB unpack 50 MB in half the time that zlib's 16 KiB take; small members need less. */
function chunkSizeFor(bytes: Uint8Array): number {
  return Math.min(2 ** 20, Math.max(2 ** 14, bytes.length * 4));
}

/** What `info: true` adds; @types/node declares a Buffer only. */
interface Inflated {
  readonly buffer: Buffer;
  readonly engine: { readonly bytesWritten: number };
}

function tooLarge(bounds: GunzipBounds): Failure {
  return new Failure('E0205', `${bounds.what} unpacks to more than ${bounds.outputBytesMax} bytes`, {
    at: bounds.what,
    kept: 'nothing of it was used',
  });
}

function broken(bounds: GunzipBounds, offset: number, what: string, cause?: unknown): Failure {
  const detail = { at: `${bounds.what}: byte ${offset}`, kept: 'nothing of it was used' };
  return new Failure('E0404', `${bounds.what} ${what}`, cause === undefined ? detail : { ...detail, cause });
}
