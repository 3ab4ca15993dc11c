import { malformed } from './malformed.ts';
import { utf8 } from './pax-records.ts';

/** The fields of one header block that we use, numbers parsed, names still as written. */
export interface Header {
  readonly name: string;
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  readonly size: number;
  readonly mtime: number;
  readonly type: string;
  readonly linkName: string;
}

/**
 * Parses 512 bytes (POSIX.1-2017 pax, "ustar Interchange Format"; GNU's magic is accepted, and the form before ustar, which
 * `make dist` of automake still writes). E0404 when a field is unusable.
 */
export function parseHeader(block: Uint8Array, where: { readonly archive: string; readonly offset: number }): Header {
  if (checksumOf(block) !== octalNumber(block, 148, 8))
    throw malformed('has a header whose checksum does not match', where);
  const magic = Buffer.from(block.buffer, block.byteOffset + 257, 8).toString('latin1');
  const isGnu = magic === 'ustar  \0';
  if (!isGnu && magic.slice(0, 6) !== 'ustar\0' && !isBeforeUstar(block)) {
    throw malformed('has a header that is not ustar', where);
  }
  const name = text(block, 0, 100);
  const prefix = isGnu ? '' : text(block, 345, 155);
  const linkName = text(block, 157, 100);
  if (name === undefined || prefix === undefined || linkName === undefined) {
    throw malformed('has a name that is not UTF-8', where);
  }
  const fullName = prefix === '' ? name : `${prefix}/${name}`;
  const number = (at: number, width: number, what: string): number => {
    const value = numericField(block, at, width);
    if (value === undefined)
      throw malformed(`has a member whose ${what} is negative, too large or not a number`, {
        ...where,
        name: fullName,
      });
    return value;
  };
  return {
    name: fullName,
    mode: number(100, 8, 'mode'),
    uid: number(108, 8, 'owner'),
    gid: number(116, 8, 'group'),
    size: number(124, 12, 'size'),
    mtime: number(136, 12, 'time'),
    type: String.fromCharCode(block[156] ?? 0),
    linkName,
  };
}

/** Nothing behind the link's name, so that no reader finds a second meaning there, and no kind of member that came later. */
function isBeforeUstar(block: Uint8Array): boolean {
  const devices = block.subarray(329, 345);
  return (
    blockIsZero(block.subarray(257, 329)) &&
    // GNU tar writes numbers of devices here as well: zeros, for no member is one.
    devices.every((byte) => byte === 0 || byte === 0x30) &&
    blockIsZero(block.subarray(345)) &&
    '\x000125'.includes(String.fromCharCode(block[156] ?? 0))
  );
}

export function blockIsZero(block: Uint8Array): boolean {
  return block.every((byte) => byte === 0);
}

/** Sum of all bytes, the checksum field itself taken as blanks. */
function checksumOf(block: Uint8Array): number {
  let sum = 8 * 0x20;
  for (let i = 0; i < 512; i += 1) {
    if (i < 148 || i >= 156) sum += block[i] ?? 0;
  }
  return sum;
}

function text(block: Uint8Array, at: number, width: number): string | undefined {
  const field = block.subarray(at, at + width);
  const end = field.indexOf(0);
  return utf8(end < 0 ? field : field.subarray(0, end));
}

function numericField(block: Uint8Array, at: number, width: number): number | undefined {
  return ((block[at] ?? 0) & 0x80) === 0 ? octalNumber(block, at, width) : base256Number(block, at, width);
}

/** Blanks, octal digits, then blanks or NULs; an empty field is 0. */
function octalNumber(block: Uint8Array, at: number, width: number): number | undefined {
  let value = 0;
  let state: 'before' | 'digits' | 'after' = 'before';
  for (let i = at; i < at + width; i += 1) {
    const byte = block[i] ?? 0;
    if (byte >= 0x30 && byte <= 0x37 && state !== 'after') {
      value = value * 8 + (byte - 0x30);
      state = 'digits';
    } else if (byte === 0x20 && state === 'before') continue;
    else if (byte === 0 || byte === 0x20) state = 'after';
    else return undefined;
  }
  return value;
}

/** GNU base-256: big-endian two's complement with the top bit as the mark. Negative ones are refused. */
function base256Number(block: Uint8Array, at: number, width: number): number | undefined {
  if (block[at] !== 0x80) return undefined;
  let value = 0;
  for (let i = at + 1; i < at + width; i += 1) {
    value = value * 256 + (block[i] ?? 0);
    if (!Number.isSafeInteger(value)) return undefined;
  }
  return value;
}
