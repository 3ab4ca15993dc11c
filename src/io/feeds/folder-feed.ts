import type { Dirent } from 'node:fs';
import { lstat, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { Failure } from '../../core/failure.ts';
import type { FeedItem } from '../../factory/ingest-feeds.ts';
import type { ReadContext } from './feed-reader.ts';
import { readFileItem } from './file-item.ts';
import { shownPath } from './shown-path.ts';

const DEPTH_MAX = 20;

export type FolderContext = Pick<
  ReadContext,
  'now' | 'onlyChanged' | 'isItem' | 'itemBytesMax' | 'settledMarks' | 'newMarks'
>;

/** All items in a folder and its folders, in the order of their names; links are not followed. */
export async function* readFolder(folder: string, context: FolderContext): AsyncIterable<FeedItem> {
  for await (const found of itemFiles(folder, context, 0)) {
    if (typeof found !== 'string') {
      yield { kind: 'problem', problem: found };
      continue;
    }
    const mark = await markOf(found);
    if (context.onlyChanged && mark !== null && context.settledMarks.get(found) === mark) continue;
    const item = await readFileItem(found, { ...context, name: shownPath(found), observedAt: context.now() });
    if (mark !== null) context.newMarks.set(found, mark);
    yield item;
  }
}

async function* itemFiles(
  folder: string,
  context: Pick<FolderContext, 'isItem'>,
  depth: number,
): AsyncIterable<string | Failure> {
  const entries = await listing(folder, depth);
  if (entries instanceof Failure) {
    yield entries;
    return;
  }
  for (const entry of entries) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) yield* itemFiles(path, context, depth + 1);
    else if (entry.isFile() && context.isItem(path)) yield path;
  }
}

async function listing(folder: string, depth: number): Promise<readonly Dirent[] | Failure> {
  if (depth > DEPTH_MAX) return passedOver(folder, `folders are nested more than ${DEPTH_MAX} deep`);
  try {
    const entries = await readdir(folder, { withFileTypes: true });
    return entries.toSorted((a, b) => (a.name < b.name ? -1 : 1));
  } catch (error) {
    return passedOver(folder, error instanceof Error ? error.message : String(error));
  }
}

function passedOver(folder: string, why: string): Failure {
  return new Failure('E0201', `The folder ${folder} cannot be read`, {
    at: folder,
    why,
    kept: 'it was passed over, and everything else is read',
    retryable: true,
  });
}

async function markOf(path: string): Promise<string | null> {
  try {
    const { mtimeNs, size, ino } = await lstat(path, { bigint: true });
    return `${mtimeNs} ${size} ${ino}`;
  } catch {
    return null; // gone meanwhile: reading it says so
  }
}
