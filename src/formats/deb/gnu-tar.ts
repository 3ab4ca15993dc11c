import type { TarEntry } from '../tar/entry.ts';

const BLOCK = 512;
const NAME_BYTES = 100;

/**
 * A tar archive as dpkg-deb makes it: GNU headers, `./` in front of every path, long names as GNU keeps them. dpkg refuses
 * the PAX headers that our other archives use for those (deb(5): "the tar archives currently supported are the old-style
 * v7 format, the pre-POSIX ustar format, a subset of the GNU format [...] and the POSIX ustar format").
 */
export function writeGnuTar(entries: readonly TarEntry[]): Uint8Array {
  const parts: Uint8Array[] = [];
  for (const entry of entries) {
    const content = entry.kind === 'file' ? (entry.content ?? nothing) : nothing;
    const name = Buffer.from(nameOf(entry));
    const target = Buffer.from(targetOf(entry));
    if (target.length > NAME_BYTES) parts.push(longName('K', target));
    if (name.length > NAME_BYTES) parts.push(longName('L', name));
    const size = content.length;
    parts.push(headerBlock({ ...entry, name, target, type: types[entry.kind], size }), padded(content));
  }
  parts.push(new Uint8Array(2 * BLOCK));
  return Buffer.concat(parts);
}

const nothing = new Uint8Array(0);
const types = { file: '0', hardlink: '1', symlink: '2', directory: '5' } as const;

function nameOf({ path, kind }: TarEntry): string {
  return kind === 'directory' ? `./${path}${path === '' ? '' : '/'}` : `./${path}`;
}

function targetOf({ kind, linkTarget = '' }: TarEntry): string {
  return kind === 'hardlink' ? `./${linkTarget}` : linkTarget;
}

/** The name, with a NUL behind it, as content of a member of its own before the one that it names. */
function longName(type: 'K' | 'L', name: Buffer): Uint8Array {
  const content = Buffer.concat([name, Buffer.from('\0')]);
  const header = { name: Buffer.from('././@LongLink'), target: nothing, type, size: content.length, mode: 0, mtime: 0 };
  return Buffer.concat([headerBlock(header), padded(content)]);
}

interface Header {
  readonly name: Uint8Array;
  readonly target: Uint8Array;
  readonly type: string;
  readonly size: number;
  readonly mode: number;
  readonly mtime: number;
}

function headerBlock({ name, target, type, size, mode, mtime }: Header): Uint8Array {
  const block = Buffer.alloc(BLOCK);
  block.set(name.subarray(0, NAME_BYTES), 0);
  octal(block, { at: 100, width: 8, value: mode & 0o7777 });
  octal(block, { at: 108, width: 8, value: 0 });
  octal(block, { at: 116, width: 8, value: 0 });
  octal(block, { at: 124, width: 12, value: size });
  octal(block, { at: 136, width: 12, value: mtime });
  block.fill(0x20, 148, 156);
  block.write(type, 156, 'latin1');
  block.set(target.subarray(0, NAME_BYTES), 157);
  block.write('ustar  \0', 257, 'latin1');
  block.write('root', 265, 'latin1');
  block.write('root', 297, 'latin1');
  const sum = block.reduce((total, byte) => total + byte, 0);
  block.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148, 'latin1');
  return block;
}

function octal(block: Buffer, { at, width, value }: { at: number; width: number; value: number }): void {
  block.write(value.toString(8).padStart(width - 1, '0'), at, 'latin1');
}

function padded(content: Uint8Array): Uint8Array {
  const rest = (BLOCK - (content.length % BLOCK)) % BLOCK;
  return rest === 0 ? content : Buffer.concat([content, new Uint8Array(rest)]);
}
