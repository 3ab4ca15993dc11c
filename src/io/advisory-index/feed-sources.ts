import { readdirSync, type Stats, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { Failure } from '../../core/failure.ts';

/** A part of a feed that is looked at and kept by itself: a zip, a file, a folder of files. */
export interface FeedSourcePart {
  readonly path: string;
  readonly kind: 'folder' | 'file';
  /** Only the files that lie in it, not its folders: they are parts of their own. */
  readonly isShallow: boolean;
}

/** A feed with a folder for each package is one part: each question is put to every part. */
const FOLDERS_MAX = 16;

/** Each folder and zip in a feed is a part; its loose files are one together. E0201 where there is nothing. */
export function feedSources(path: string): readonly FeedSourcePart[] {
  const at = resolve(path);
  const found = statSync(at, { throwIfNoEntry: false });
  if (found === undefined) {
    throw new Failure('E0201', `There is no feed at ${path}`, { at: path, hint: 'name a folder, a zip or a file' });
  }
  if (!found.isDirectory() && !found.isFile()) {
    throw new Failure('E0201', `${path} is no feed`, { at: path, why: 'it is neither a folder nor a plain file' });
  }
  if (!found.isDirectory()) return [{ path: at, kind: 'file', isShallow: false }];
  const entries = readdirSync(at, { withFileTypes: true }).toSorted((a, b) => (a.name < b.name ? -1 : 1));
  const parts = entries.flatMap((entry): readonly FeedSourcePart[] => {
    const inside = join(at, entry.name);
    const isLink = entry.isSymbolicLink();
    const what = isLink ? pointedAt(inside) : entry;
    if (what?.isDirectory() === true && entry.name !== '.git')
      return [{ path: inside, kind: 'folder', isShallow: false }];
    const isPart = what?.isFile() === true && (isLink || entry.name.endsWith('.zip'));
    return isPart ? [{ path: inside, kind: 'file', isShallow: false }] : [];
  });
  const areFolders = parts.every(({ kind }) => kind === 'folder') && !entries.some((entry) => entry.isSymbolicLink());
  if (areFolders && parts.length > FOLDERS_MAX) return [{ path: at, kind: 'folder', isShallow: false }];
  return [...parts, { path: at, kind: 'folder', isShallow: true }];
}

/** Feeds are often mounted as links; further inside none is followed. Undefined for one that leads nowhere. */
function pointedAt(link: string): Stats | undefined {
  try {
    return statSync(link);
  } catch {
    return undefined;
  }
}
