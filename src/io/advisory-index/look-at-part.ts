import { createHash } from 'node:crypto';
import { type Dirent, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { Failure } from '../../core/failure.ts';
import type { FeedSourcePart } from './feed-sources.ts';

/** A file of a part, or a member of a zip in it. */
export interface PartFile {
  /** Its path; of a member the path of the zip, `!`, and its name. */
  readonly name: string;
  /** Other than before when the content may be. */
  readonly mark: string;
  readonly bytes: number;
}

/** What a part looks like from outside. */
export interface PartLook {
  /** Of the marks of all files. */
  readonly stamp: string;
  /** Places whose dates change when files come, go or are put in the place of others, with these dates. */
  readonly dated: readonly (readonly [path: string, mtimeMs: number])[];
}

export interface FullLook extends PartLook {
  /** In the order of their names. */
  readonly files: readonly PartFile[];
  /** Folders that cannot be looked into. */
  readonly problems: readonly Failure[];
  /** How many links lie in its folders; none is followed. */
  readonly links: number;
}

/** Looks at every file. */
export function lookAt(part: FeedSourcePart): FullLook {
  const walked: Walked = { files: [], folders: [], problems: [], links: [] };
  if (part.kind === 'file') walked.files.push(part.path);
  else walk(part, walked);
  const files = walked.files.toSorted().map(fileAt);
  const hash = createHash('sha256');
  for (const { name, mark } of files) hash.update(`${name} ${mark}\n`);
  for (const { detail } of walked.problems) hash.update(`${detail.at} ${detail.why}\n`);
  // What comes and goes of them changes what is said of the part.
  hash.update(`${walked.links.length} links\n`);
  // Where there are few files, their own dates cost less than to be wrong about them.
  const dated = files.length <= FEW_FILES ? [...walked.folders, ...walked.files] : walked.folders;
  const { problems, links } = walked;
  const stamp = hash.digest('hex');
  return { stamp, dated: dated.map((path) => [path, mtimeOf(path)]), files, problems, links: links.length };
}

/** Whether none of these places has another date than before: a look that is cheap, and blind to files written in place. */
export function isAsDated({ dated }: Pick<PartLook, 'dated'>): boolean {
  return dated.every(([path, mtimeMs]) => mtimeOf(path) === mtimeMs);
}

const FEW_FILES = 100;
const ENTRIES_MAX = 5_000_000;
const DEPTH_MAX = 20;

/** When it was last touched counts as well: a date can be set back, and rights can be given that were missing. */
function fileAt(name: string): PartFile {
  const found = statSync(name, { throwIfNoEntry: false });
  const { size = 0, mtimeMs, ctimeMs, ino } = found ?? {};
  return { name, mark: `${size} ${mtimeMs} ${ctimeMs} ${ino}`, bytes: size };
}

function mtimeOf(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0;
}

interface Walked {
  readonly files: string[];
  readonly folders: string[];
  readonly problems: Failure[];
  readonly links: string[];
}

function walk(part: FeedSourcePart, into: Walked): void {
  const waiting = [{ folder: part.path, depth: 0 }];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const { folder, depth } = next;
    into.folders.push(folder);
    for (const entry of listing(next, into)) {
      const path = join(folder, entry.name);
      if (entry.isDirectory() && entry.name !== '.git' && !part.isShallow) {
        waiting.push({ folder: path, depth: depth + 1 });
      } else if (entry.isFile() && !(part.isShallow && entry.name.endsWith('.zip'))) into.files.push(path);
      else if (entry.isSymbolicLink() && !part.isShallow) into.links.push(path);
      if (into.files.length > ENTRIES_MAX) {
        throw new Failure('E0205', `${part.path} holds more than ${ENTRIES_MAX} files`);
      }
    }
  }
}

function listing(
  { folder, depth }: { readonly folder: string; readonly depth: number },
  { problems }: Walked,
): readonly Dirent[] {
  try {
    if (depth > DEPTH_MAX) throw new Error(`folders are nested more than ${DEPTH_MAX} deep`);
    return readdirSync(folder, { withFileTypes: true });
  } catch (error) {
    problems.push(
      new Failure('E0201', `The folder ${folder} cannot be read`, {
        at: folder,
        why: error instanceof Error ? error.message : String(error),
        kept: 'it was passed over, and everything else is read',
        retryable: true,
      }),
    );
    return [];
  }
}
