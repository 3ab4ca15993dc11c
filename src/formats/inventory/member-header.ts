import { malformed } from '../tar/malformed.ts';

/** Of a tar header, what somebody needs who only looks: nothing is written, so owners and times do not matter. */
export interface MemberHeader {
  readonly name: string;
  readonly sizeBytes: number;
  readonly type: string;
  /** Target of a link. */
  readonly linkName: string;
}

/**
 * More lenient than `parseHeader` of tar/: images that others made hold names in old encodings and times before 1970, and a
 * reader that refuses them would say nothing about the rest. E0404 where the checksum or the size is wrong: what follows would
 * be guesswork.
 */
export function memberHeader(
  block: Uint8Array,
  where: { readonly archive: string; readonly offset: number },
): MemberHeader {
  const bytes = Buffer.from(block.buffer, block.byteOffset, 512);
  if (checksumOf(bytes) !== numberAt(bytes, 148, 8)) {
    throw malformed('has a header whose checksum does not match', where);
  }
  const sizeBytes = numberAt(bytes, 124, 12);
  if (sizeBytes === undefined) throw malformed('has a member without a usable size', where);
  const isPosix = bytes.toString('latin1', 257, 263) === 'ustar\0';
  const [name, prefix] = [textAt(bytes, 0, 100), isPosix ? textAt(bytes, 345, 155) : ''];
  return {
    name: prefix === '' ? name : `${prefix}/${name}`,
    sizeBytes,
    type: String.fromCharCode(bytes[156] ?? 0),
    linkName: textAt(bytes, 157, 100),
  };
}

/** Sum of all bytes, the checksum's own field taken as blanks. */
function checksumOf(block: Buffer): number {
  let sum = 8 * 0x20;
  for (let i = 0; i < 512; i += 1) if (i < 148 || i >= 156) sum += block[i] ?? 0;
  return sum;
}

/** Octal digits, or GNU's base 256 where the first byte says so. */
function numberAt(block: Buffer, at: number, width: number): number | undefined {
  if (block[at] === 0x80) {
    const value = block.subarray(at + 1, at + width).reduce((sum, byte) => sum * 256 + byte, 0);
    return Number.isSafeInteger(value) ? value : undefined;
  }
  const digits = /^ *([0-7]*)[ \0]*$/.exec(block.toString('latin1', at, at + width))?.[1];
  return digits === undefined ? undefined : Number.parseInt(`0${digits}`, 8);
}

function textAt(block: Buffer, at: number, width: number): string {
  const end = block.indexOf(0, at);
  return block.toString('utf8', at, end < 0 ? at + width : Math.min(end, at + width));
}
