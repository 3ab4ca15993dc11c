import { malformed } from './malformed.ts';
import { pathProblem } from './member-path.ts';
import { encodePaxRecords } from './pax-records.ts';
import type { TarEntry } from './entry.ts';

const BLOCK = 512;
const OCTAL_7 = 0o7777777;
const OCTAL_11 = 0o77777777777;

/**
 * A tar archive: ustar headers, PAX records only where ustar cannot say it (POSIX.1-2017 pax), entries in the order
 * given, and nothing that the caller did not give: equal entries, equal bytes. With `end: false` the two closing zero
 * blocks are left out (members of an apk that are continued by the next one). A bad path or a link without target is
 * E0404.
 */
export function writeTar(entries: readonly TarEntry[], options: { readonly end?: boolean } = {}): Uint8Array {
  const parts: Uint8Array[] = [];
  for (const entry of entries) {
    const content = checked(entry);
    const records = paxRecordsOf(entry, content.length);
    if (Object.keys(records).length > 0) {
      const body = encodePaxRecords(records);
      parts.push(headerBlock(paxHeaderEntry(entry), 'x', body.length), body, padding(body.length));
    }
    parts.push(headerBlock(entry, TYPES[entry.kind], content.length), content, padding(content.length));
  }
  if (options.end !== false) parts.push(new Uint8Array(2 * BLOCK));
  return Buffer.concat(parts);
}

const TYPES = { file: '0', hardlink: '1', symlink: '2', directory: '5' } as const;
const NOTHING = new Uint8Array(0);

function checked(entry: TarEntry): Uint8Array {
  const where = { archive: 'the archive to be written', offset: 0, name: entry.path };
  const problem = pathProblem(entry.path);
  if (problem !== undefined) throw malformed(problem, where);
  const isLink = entry.kind === 'symlink' || entry.kind === 'hardlink';
  if (isLink && (entry.linkTarget ?? '') === '') throw malformed('has a link without a target', where);
  if (entry.linkTarget?.includes('\0')) throw malformed('has a link target with a NUL byte', where);
  return entry.kind === 'file' ? (entry.content ?? NOTHING) : NOTHING;
}

function paxRecordsOf(entry: TarEntry, sizeBytes: number): Record<string, string> {
  const records: Record<string, string> = { ...entry.pax };
  if (!fitsName(nameOf(entry))) records['path'] = nameOf(entry);
  if (entry.linkTarget !== undefined && !fitsName(entry.linkTarget)) records['linkpath'] = entry.linkTarget;
  if (sizeBytes > OCTAL_11) records['size'] = String(sizeBytes);
  if (entry.uid > OCTAL_7) records['uid'] = String(entry.uid);
  if (entry.gid > OCTAL_7) records['gid'] = String(entry.gid);
  if (entry.mtime > OCTAL_11) records['mtime'] = String(entry.mtime);
  return records;
}

function fitsName(name: string): boolean {
  return name.length <= 100 && /^[\x20-\x7e]*$/.test(name);
}

function nameOf(entry: TarEntry): string {
  return entry.kind === 'directory' ? `${entry.path}/` : entry.path;
}

function paxHeaderEntry(entry: TarEntry): TarEntry {
  const name = `PaxHeaders.0/${entry.path.slice(entry.path.lastIndexOf('/') + 1)}`;
  return { path: name, kind: 'file', mode: 0o644, uid: 0, gid: 0, mtime: 0 };
}

function headerBlock(entry: TarEntry, type: string, sizeBytes: number): Uint8Array {
  const block = Buffer.alloc(BLOCK);
  // Where a PAX record says the real value, the field holds the nearest that fits, for readers without PAX.
  block.write(asciiOf(nameOf(entry)), 0, 100, 'latin1');
  octal(block, 100, 8, entry.mode & 0o7777);
  octal(block, 108, 8, Math.min(entry.uid, OCTAL_7));
  octal(block, 116, 8, Math.min(entry.gid, OCTAL_7));
  octal(block, 124, 12, Math.min(sizeBytes, OCTAL_11));
  octal(block, 136, 12, Math.min(Math.max(Math.trunc(entry.mtime), 0), OCTAL_11));
  block.fill(0x20, 148, 156);
  block.write(type, 156, 1, 'latin1');
  if (entry.linkTarget !== undefined && type !== '0') block.write(asciiOf(entry.linkTarget), 157, 100, 'latin1');
  block.write('ustar\x0000', 257, 8, 'latin1');
  if (entry.uid === 0) block.write('root', 265, 32, 'latin1');
  if (entry.gid === 0) block.write('root', 297, 32, 'latin1');
  octal(block, 329, 8, 0);
  octal(block, 337, 8, 0);
  let sum = 0;
  for (const byte of block) sum += byte;
  block.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148, 8, 'latin1');
  return block;
}

function asciiOf(name: string): string {
  return fitsName(name) ? name : name.replace(/[^\x20-\x7e]/g, '_').slice(0, 100);
}

function octal(block: Buffer, at: number, width: number, value: number): void {
  block.write(value.toString(8).padStart(width - 1, '0'), at, width - 1, 'latin1');
}

function padding(sizeBytes: number): Uint8Array {
  return new Uint8Array((BLOCK - (sizeBytes % BLOCK)) % BLOCK);
}
