import { createHash } from 'node:crypto';
import { readdirSync, type Stats, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
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

/** Zips that lie in the folders of a part: publishers keep one for each ecosystem in a folder of its own. */
export function zipsIn(part: FeedSourcePart): readonly string[] {
  if (part.kind === 'file' || part.isShallow) return [];
  const files: string[] = [];
  walk(part, { files, folders: [] });
  return files.filter((path) => path.endsWith('.zip')).toSorted();
}

/** Links that lie in a part; none is followed, so what they lead to is not read. */
export function linksIn(part: FeedSourcePart): number {
  if (part.kind === 'file' || part.isShallow) return 0;
  const links: string[] = [];
  walk(part, { files: [], folders: [], links });
  return links.length;
}

/** What a part looks like from outside. */
export interface PartLook {
  /** Of every file: name, size and when it was changed. */
  readonly stamp: string;
  /** Places whose dates change when files come, go or are put in the place of others, with these dates. */
  readonly dated: readonly (readonly [path: string, mtimeMs: number])[];
}

/** Looks at every file. */
export function lookAt(part: FeedSourcePart): PartLook {
  const files: string[] = [];
  const folders: string[] = [];
  if (part.kind === 'file') files.push(part.path);
  else walk(part, { files, folders });
  const hash = createHash('sha256');
  for (const path of files.toSorted()) {
    const found = statSync(path, { throwIfNoEntry: false });
    hash.update(`${path} ${found?.size} ${found?.mtimeMs} ${found?.ino}\n`);
  }
  // Where there are few files, their own dates cost less than to be wrong about them.
  const dated = files.length <= FEW_FILES ? [...folders, ...files] : folders;
  return { stamp: hash.digest('hex'), dated: dated.map((path) => [path, mtimeOf(path)]) };
}

/** Whether none of these places has another date than before: a look that is cheap, and blind to files written in place. */
export function isAsDated({ dated }: Pick<PartLook, 'dated'>): boolean {
  return dated.every(([path, mtimeMs]) => mtimeOf(path) === mtimeMs);
}

const FEW_FILES = 100;
const ENTRIES_MAX = 5_000_000;
const DEPTH_MAX = 20;

function mtimeOf(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0;
}

interface Walked {
  readonly files: string[];
  readonly folders: string[];
  readonly links?: string[];
}

function walk(part: FeedSourcePart, into: Walked): void {
  const waiting = [{ folder: part.path, depth: 0 }];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const { folder, depth } = next;
    into.folders.push(folder);
    for (const entry of readdirSync(folder, { withFileTypes: true })) {
      const path = join(folder, entry.name);
      if (entry.isDirectory() && entry.name !== '.git' && depth < DEPTH_MAX && !part.isShallow) {
        waiting.push({ folder: path, depth: depth + 1 });
      } else if (entry.isFile() && !(part.isShallow && entry.name.endsWith('.zip'))) into.files.push(path);
      else if (entry.isSymbolicLink()) into.links?.push(path);
      if (into.files.length > ENTRIES_MAX) {
        throw new Failure('E0205', `${part.path} holds more than ${ENTRIES_MAX} files`);
      }
    }
  }
}
