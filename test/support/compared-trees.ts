import { createHash } from 'node:crypto';
import { lstatSync, readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { join } from 'node:path';
import type { TarEntry } from '../../src/formats/tar/entry.ts';

/** What can be told of one file, as one line; by path. */
export type TreeLines = ReadonlyMap<string, string>;

/** Times of folders are left out: unpacking into one changes them, and it depends on the order which stays. */
function lineOf(
  { kind, mode, uid, gid, mtime }: Omit<TarEntry, 'path' | 'content' | 'linkTarget'>,
  content: Uint8Array | string,
): string {
  const access = `${kind} ${mode.toString(8)} ${uid}:${gid}`;
  if (kind === 'directory') return access;
  if (typeof content === 'string') return `${access} ${mtime} -> ${content}`;
  return `${access} ${mtime} ${content.length} ${createHash('sha256').update(content).digest('hex')}`;
}

export function linesOfTree(entries: readonly TarEntry[]): TreeLines {
  return new Map(entries.map((entry) => [entry.path, lineOf(entry, entry.linkTarget ?? entry.content ?? '')]));
}

/** Of a folder on the disk; `renamed` gives the path under which a file is meant. */
export function linesOfFolder(folder: string, renamed: (path: string) => string = (path) => path): TreeLines {
  const lines = new Map<string, string>();
  const visit = (at: string): void => {
    for (const name of readdirSync(join(folder, at))) {
      const path = at === '' ? name : `${at}/${name}`;
      const found = lstatSync(join(folder, path));
      const kind = found.isSymbolicLink() ? 'symlink' : found.isDirectory() ? 'directory' : 'file';
      const { uid, gid } = found;
      const facts = { kind, mode: found.mode & 0o7777, uid, gid, mtime: Math.floor(found.mtimeMs / 1000) } as const;
      lines.set(renamed(path), lineOf(facts, contentOf(kind, join(folder, path))));
      if (kind === 'directory') visit(path);
    }
  };
  visit('');
  return lines;
}

function contentOf(kind: 'symlink' | 'directory' | 'file', path: string): Uint8Array | string {
  if (kind === 'directory') return '';
  return kind === 'symlink' ? readlinkSync(path) : readFileSync(path);
}

/** Paths on which two trees do not agree, in order. */
export function differences(ours: TreeLines, theirs: TreeLines): readonly string[] {
  return [...new Set([...ours.keys(), ...theirs.keys()])].filter((path) => ours.get(path) !== theirs.get(path)).sort();
}
