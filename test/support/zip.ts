import { crc32, deflateRawSync } from 'node:zlib';

/**
 * A zip archive (PKWARE APPNOTE 4.3), names taken as they are: also those that no good archive has. Texts are stored,
 * bytes are deflated.
 */
export function zipOf(members: Readonly<Record<string, string | Buffer>>): Buffer {
  const locals: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const [name, given] of Object.entries(members)) {
    const member = typeof given === 'string' ? stored(given) : deflated(given);
    const local = Buffer.concat([header(0x04034b50, 30, name, member), Buffer.from(name), member.packed]);
    const entry = header(0x02014b50, 46, name, member);
    entry.writeUInt32LE(offset, 42);
    locals.push(local);
    directory.push(entry, Buffer.from(name));
    offset += local.length;
  }
  const central = Buffer.concat(directory);
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(locals.length, 8);
  end.writeUInt16LE(locals.length, 10);
  end.writeUInt32LE(central.length, 12);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...locals, central, end]);
}

interface Member {
  readonly content: Buffer;
  readonly packed: Buffer;
  readonly method: number;
}

function stored(text: string): Member {
  const content = Buffer.from(text);
  return { content, packed: content, method: 0 };
}

function deflated(content: Buffer): Member {
  return { content, packed: deflateRawSync(content), method: 8 };
}

/** Local and central headers share their fields; in the central one they begin two bytes later. */
function header(signature: number, size: number, name: string, { content, packed, method }: Member): Buffer {
  const bytes = Buffer.alloc(size);
  const shift = size === 46 ? 2 : 0;
  bytes.writeUInt32LE(signature, 0);
  bytes.writeUInt16LE(20, 4 + shift);
  bytes.writeUInt16LE(0x0800, 6 + shift);
  bytes.writeUInt16LE(method, 8 + shift);
  bytes.writeUInt32LE(crc32(content), 14 + shift);
  bytes.writeUInt32LE(packed.length, 18 + shift);
  bytes.writeUInt32LE(content.length, 22 + shift);
  bytes.writeUInt16LE(Buffer.byteLength(name), 26 + shift);
  return bytes;
}
