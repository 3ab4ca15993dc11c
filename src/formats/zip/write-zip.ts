import { crc32 } from 'node:zlib';

/**
 * A zip archive (PKWARE APPNOTE 4.3) of members as they are, uncompressed and without dates: the same members give the
 * same bytes for ever, whichever library is there to compress. Names are ASCII; below 4 GiB and 65,536 members.
 */
export function zipOf(members: readonly { readonly name: string; readonly bytes: Uint8Array }[]): Uint8Array {
  const locals: Uint8Array[] = [];
  const directory: Uint8Array[] = [];
  let offset = 0;
  for (const { name, bytes } of members) {
    const local = Buffer.concat([header(LOCAL, name, bytes), Buffer.from(name), bytes]);
    const entry = header(CENTRAL, name, bytes);
    entry.writeUInt32LE(offset, 42);
    locals.push(local);
    directory.push(entry, Buffer.from(name));
    offset += local.length;
  }
  const central = Buffer.concat(directory);
  return Buffer.concat([...locals, central, endOf(members.length, central.length, offset)]);
}

interface HeaderKind {
  readonly signature: number;
  readonly sizeBytes: number;
  /** The central header has one field more in front of those that both share. */
  readonly shift: number;
}

const LOCAL: HeaderKind = { signature: 0x04034b50, sizeBytes: 30, shift: 0 };
const CENTRAL: HeaderKind = { signature: 0x02014b50, sizeBytes: 46, shift: 2 };
const END = 0x06054b50;
/** 1 January 1980, the first day that the format knows. */
const FIRST_DAY = 0x0021;

function header({ signature, sizeBytes, shift }: HeaderKind, name: string, bytes: Uint8Array): Buffer {
  const made = Buffer.alloc(sizeBytes);
  made.writeUInt32LE(signature, 0);
  made.writeUInt16LE(20, 4);
  made.writeUInt16LE(20, 4 + shift);
  made.writeUInt16LE(FIRST_DAY, 12 + shift);
  made.writeUInt32LE(crc32(bytes), 14 + shift);
  made.writeUInt32LE(bytes.length, 18 + shift);
  made.writeUInt32LE(bytes.length, 22 + shift);
  made.writeUInt16LE(Buffer.byteLength(name), 26 + shift);
  return made;
}

function endOf(count: number, directoryBytes: number, directoryAt: number): Buffer {
  const end = Buffer.alloc(22);
  end.writeUInt32LE(END, 0);
  end.writeUInt16LE(count, 8);
  end.writeUInt16LE(count, 10);
  end.writeUInt32LE(directoryBytes, 12);
  end.writeUInt32LE(directoryAt, 16);
  return end;
}
