import { createHash } from 'node:crypto';
import { lstatSync, readdirSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { digestOf } from '../../core/digest.ts';
import { Failure } from '../../core/failure.ts';

/** A part of a feed that is read anew as a whole when any of it changes: a zip, a file, a folder of files. */
export interface FeedSourcePart {
  readonly path: string;
  readonly kind: 'folder' | 'file';
  /** Only the files that lie in it, not its folders: they are parts of their own. */
  readonly isShallow: boolean;
}

/** Each folder and zip in a feed is a part; its loose files are one together. E0201 where there is nothing. */
export function feedSources(path: string): readonly FeedSourcePart[] {
  const at = resolve(path);
  const found = statSync(at, { throwIfNoEntry: false });
  if (found === undefined) {
    throw new Failure('E0201', `There is no feed at ${path}`, { at: path, hint: 'name a folder, a zip or a file' });
  }
  if (!found.isDirectory()) return [{ path: at, kind: 'file', isShallow: false }];
  const entries = readdirSync(at, { withFileTypes: true }).toSorted((a, b) => (a.name < b.name ? -1 : 1));
  const parts = entries.flatMap((entry): readonly FeedSourcePart[] => {
    const inside = join(at, entry.name);
    if (entry.isDirectory() && entry.name !== '.git') return [{ path: inside, kind: 'folder', isShallow: false }];
    return entry.isFile() && entry.name.endsWith('.zip') ? [{ path: inside, kind: 'file', isShallow: false }] : [];
  });
  return [...parts, { path: at, kind: 'folder', isShallow: true }];
}

/** What a part looks like from outside. */
export interface Stamp {
  /** Of every file: name, size and when it was changed. */
  readonly files: () => string;
  /** Of its folders alone, whose dates change when files come, go or are put in the place of others. */
  readonly folders: string;
  /** Those folders; null where the files' own dates are in `folders`. */
  readonly paths: readonly string[] | null;
}

/** `folders` of a stamp again, without listing any: one that comes or goes changes the date of the one that holds it. */
export function foldersStamp(paths: readonly string[]): string {
  const hash = createHash('sha256');
  for (const folder of paths) hash.update(folderLine(folder));
  return hash.digest('hex');
}

function folderLine(folder: string): string {
  return `${folder} ${lstatSync(folder, { throwIfNoEntry: false })?.mtimeMs}\n`;
}

export function stampOf(part: FeedSourcePart): Stamp {
  if (part.kind === 'file') {
    const { size, mtimeMs, ino } = statSync(part.path);
    const text = digestOf(`${size} ${mtimeMs} ${ino}`);
    return { files: () => text, folders: text, paths: null };
  }
  const files: string[] = [];
  const folders = createHash('sha256');
  const paths: string[] = [];
  walk(part, { files, folders, paths });
  return {
    files: () => stampOfFiles(files),
    folders: folders.digest('hex'),
    paths: part.isShallow ? null : paths,
  };
}

const ENTRIES_MAX = 5_000_000;
const DEPTH_MAX = 20;

function walk(
  part: FeedSourcePart,
  into: { readonly files: string[]; readonly folders: ReturnType<typeof createHash>; readonly paths: string[] },
): void {
  const waiting = [{ folder: part.path, depth: 0 }];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const { folder, depth } = next;
    if (!part.isShallow) into.folders.update(folderLine(folder));
    into.paths.push(folder);
    for (const entry of readdirSync(folder, { withFileTypes: true })) {
      const path = join(folder, entry.name);
      if (entry.isDirectory() && entry.name !== '.git' && depth < DEPTH_MAX && !part.isShallow) {
        waiting.push({ folder: path, depth: depth + 1 });
      } else if (entry.isFile() && !(part.isShallow && entry.name.endsWith('.zip'))) into.files.push(path);
      if (into.files.length > ENTRIES_MAX)
        throw new Failure('E0205', `${part.path} holds more than ${ENTRIES_MAX} files`);
    }
  }
  // Few files: their own dates cost less than to be wrong about them.
  if (part.isShallow) into.folders.update(stampOfFiles(into.files));
}

function stampOfFiles(files: readonly string[]): string {
  const hash = createHash('sha256');
  for (const path of files.toSorted()) {
    const found = lstatSync(path, { throwIfNoEntry: false });
    hash.update(`${path} ${found?.size} ${found?.mtimeMs}\n`);
  }
  return hash.digest('hex');
}
