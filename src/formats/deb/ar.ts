import { malformed } from '../tar/malformed.ts';

/** One member of an ar archive (deb(5)); `bytes` is a view into the archive. */
export interface ArMember {
  readonly name: string;
  /** Of its header. */
  readonly offset: number;
  readonly bytes: Uint8Array;
}

const MAGIC = '!<arch>\n';
const HEADER_BYTES = 60;
const MEMBERS_MAX = 100;

/** The members of an ar archive as deb(5) uses it: short names, no tables. E0404 with the byte offset for all else. */
export function readAr(bytes: Uint8Array, archive: string): readonly ArMember[] {
  const text = (from: number, width: number) =>
    Buffer.from(bytes.buffer, bytes.byteOffset + from, Math.max(0, Math.min(width, bytes.length - from))).toString(
      'latin1',
    );
  if (text(0, MAGIC.length) !== MAGIC) throw malformed('is no ar archive', { archive, offset: 0 });
  const members: ArMember[] = [];
  for (let offset = MAGIC.length; offset < bytes.length; ) {
    const where = { archive, offset };
    if (members.length >= MEMBERS_MAX) throw malformed(`has more than ${MEMBERS_MAX} members`, where);
    const header = /^([!-.0-9:-~]{1,16}?)\/? *$/.exec(text(offset, 16));
    const sizeText = /^([0-9]{1,10}) *$/.exec(text(offset + 48, 10))?.[1];
    if (header === null || sizeText === undefined || text(offset + 58, 2) !== '`\n') {
      throw malformed('has a header that is not ar', where);
    }
    const start = offset + HEADER_BYTES;
    const end = start + Number(sizeText);
    if (end > bytes.length) throw malformed('ends in the middle of a member', where);
    members.push({ name: header[1] ?? '', offset, bytes: bytes.subarray(start, end) });
    // Members begin at even offsets; the last one's filling byte may be missing, as dpkg-deb lets it be.
    offset = end + (end % 2);
  }
  return members;
}

/** Equal members, equal bytes: one time for all (Unix seconds), owned by root. */
export function writeAr(
  members: readonly { readonly name: string; readonly bytes: Uint8Array }[],
  mtime: number,
): Uint8Array {
  const parts: Uint8Array[] = [Buffer.from(MAGIC)];
  for (const { name, bytes } of members) {
    const fields = [name.padEnd(16), String(mtime).padEnd(12), '0'.padEnd(6), '0'.padEnd(6), '100644'.padEnd(8)];
    parts.push(Buffer.from(`${fields.join('')}${String(bytes.length).padEnd(10)}\`\n`), bytes);
    if (bytes.length % 2 === 1) parts.push(Buffer.from('\n'));
  }
  return Buffer.concat(parts);
}
