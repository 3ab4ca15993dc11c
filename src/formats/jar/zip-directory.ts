import { crc32, inflateRawSync } from 'node:zlib';
import { Failure } from '../../core/failure.ts';
import { bigNumber, headerView } from '../program/header-view.ts';
import type { RandomBytes } from '../program/random-bytes.ts';

/** A member of a zip as its central directory lists it. */
export interface ZipMember {
  readonly name: string;
  readonly sizeBytes: number;
  readonly packedBytes: number;
  readonly method: number;
  readonly crc: number;
  readonly encrypted: boolean;
  readonly headerAt: number;
}

/**
 * What a zip archive holds, reading its central directory alone (PKWARE APPNOTE 4.3): layers are judged in memory and at
 * once, which yauzl, made for files, cannot. Bytes in front, as of the script of a jar that runs itself, are passed over.
 * E0404 where it is no zip or its directory is damaged, E0205 beyond its bounds.
 */
export function zipMembers(bytes: RandomBytes, at: string): readonly ZipMember[] {
  try {
    return membersIn(bytes, at);
  } catch (error) {
    if (error instanceof RangeError) throw damaged(at, 'has a directory that leads out of it');
    throw error;
  }
}

/** The content of a member, checked against its size and CRC; `sizeBytesMax` bounds what it may unpack to. */
export function zipContent(bytes: RandomBytes, member: ZipMember, { at, sizeBytesMax }: ContentBounds): Uint8Array {
  if (member.encrypted) throw damaged(at, 'has an encrypted member');
  if (member.sizeBytes > sizeBytesMax) {
    throw new Failure('E0205', `The archive ${at} unpacks to more than it may`, {
      at,
      why: `${member.sizeBytes} bytes`,
    });
  }
  const header = bytes.slice(member.headerAt, LOCAL_BYTES);
  if (header.length < LOCAL_BYTES) throw damaged(at, 'has a directory that leads out of it');
  const view = new DataView(header.buffer, header.byteOffset, header.length);
  if (view.getUint32(0, true) !== LOCAL) throw damaged(at, 'has a directory that leads nowhere');
  const start = member.headerAt + LOCAL_BYTES + view.getUint16(26, true) + view.getUint16(28, true);
  const content = unpacked(bytes.slice(start, member.packedBytes), member, at);
  if (content.length !== member.sizeBytes || crc32(content) !== member.crc) throw damaged(at, 'has a damaged member');
  return content;
}

export interface ContentBounds {
  readonly at: string;
  readonly sizeBytesMax: number;
}

const [LOCAL, CENTRAL, END, END64, END64_LOCATOR] = [0x04034b50, 0x02014b50, 0x06054b50, 0x06064b50, 0x07064b50];
const [LOCAL_BYTES, CENTRAL_BYTES, END_BYTES, END64_BYTES, LOCATOR_BYTES] = [30, 46, 22, 56, 20];
const COMMENT_BYTES_MAX = 65_535;
const MEMBERS_MAX = 200_000;
const DIRECTORY_BYTES_MAX = 64 * 2 ** 20;
const [UNSET_16, UNSET_32] = [0xffff, 0xffffffff];

function membersIn(bytes: RandomBytes, at: string): readonly ZipMember[] {
  const end = endOf(bytes, at);
  if (end.count > MEMBERS_MAX || end.sizeBytes > DIRECTORY_BYTES_MAX) {
    throw new Failure('E0205', `The archive ${at} has more members than it may`, { at, why: `${end.count} members` });
  }
  const start = end.recordAt - end.sizeBytes;
  const shift = start - end.offset;
  if (shift < 0) throw damaged(at, 'has a directory that leads out of it');
  const view = headerView(bytes, start, end.sizeBytes);
  const members: ZipMember[] = [];
  for (let i = 0, entryAt = 0; i < end.count; i += 1) {
    if (view.getUint32(entryAt, true) !== CENTRAL) throw damaged(at, 'has a damaged directory');
    members.push(memberAt(view, entryAt, shift));
    entryAt +=
      CENTRAL_BYTES +
      view.getUint16(entryAt + 28, true) +
      view.getUint16(entryAt + 30, true) +
      view.getUint16(entryAt + 32, true);
  }
  return members;
}

interface End {
  readonly count: number;
  readonly sizeBytes: number;
  readonly offset: number;
  /** Where the directory ends. */
  readonly recordAt: number;
}

function endOf(bytes: RandomBytes, at: string): End {
  const tailAt = Math.max(bytes.sizeBytes - END_BYTES - COMMENT_BYTES_MAX, 0);
  const tail = headerView(bytes, tailAt, END_BYTES + COMMENT_BYTES_MAX);
  for (let i = tail.byteLength - END_BYTES; i >= 0; i -= 1) {
    if (tail.getUint32(i, true) !== END) continue;
    const count = tail.getUint16(i + 10, true);
    const sizeBytes = tail.getUint32(i + 12, true);
    const offset = tail.getUint32(i + 16, true);
    const isLarge = count === UNSET_16 || sizeBytes === UNSET_32 || offset === UNSET_32;
    return (isLarge ? end64Of(bytes, tailAt + i) : undefined) ?? { count, sizeBytes, offset, recordAt: tailAt + i };
  }
  throw damaged(at, 'is no zip archive');
}

/** The record of archives with more than 65,534 members or 4 GB (APPNOTE 4.3.14); its locator lies right before. */
function end64Of(bytes: RandomBytes, endAt: number): End | undefined {
  const locatorAt = endAt - LOCATOR_BYTES;
  if (locatorAt < END64_BYTES || headerView(bytes, locatorAt, 4).getUint32(0, true) !== END64_LOCATOR) return undefined;
  // Where it stands, not where the locator says: bytes in front of the archive shift it.
  const recordAt = locatorAt - END64_BYTES;
  const record = headerView(bytes, recordAt, END64_BYTES);
  if (record.getUint32(0, true) !== END64) return undefined;
  const [count, sizeBytes, offset] = [32, 40, 48].map((field) => bigNumber(record, field, true));
  return { count: count ?? 0, sizeBytes: sizeBytes ?? 0, offset: offset ?? 0, recordAt };
}

function memberAt(view: DataView, at: number, shift: number): ZipMember {
  const nameBytes = view.getUint16(at + 28, true);
  // Within the directory that was read: a longer name is a RangeError.
  const name = Buffer.from(view.buffer, view.byteOffset + at + CENTRAL_BYTES, nameBytes).toString();
  view.getUint8(at + CENTRAL_BYTES + nameBytes - 1);
  return {
    name,
    encrypted: (view.getUint16(at + 8, true) & 1) !== 0,
    method: view.getUint16(at + 10, true),
    crc: view.getUint32(at + 16, true),
    packedBytes: view.getUint32(at + 20, true),
    sizeBytes: view.getUint32(at + 24, true),
    headerAt: view.getUint32(at + 42, true) + shift,
  };
}

function unpacked(packed: Uint8Array, { method, sizeBytes }: ZipMember, at: string): Uint8Array {
  if (method === 0) return packed;
  if (method !== 8) throw damaged(at, 'has a member packed in an unknown way');
  try {
    return inflateRawSync(packed, { maxOutputLength: Math.max(sizeBytes, 1) });
  } catch (cause) {
    throw damaged(at, 'has a damaged member', cause);
  }
}

function damaged(at: string, what: string, cause?: unknown): Failure {
  return new Failure('E0404', `The archive ${at} ${what}`, cause === undefined ? { at } : { at, cause });
}
