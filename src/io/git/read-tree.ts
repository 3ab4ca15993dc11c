import { Failure } from '../../core/failure.ts';
import type { TarEntry } from '../../formats/tar/entry.ts';
import { gitOrFail } from './git.ts';
import { readBlobs } from './read-blobs.ts';

export interface TreeToRead {
  readonly gitFolder: string;
  readonly commit: string;
  /** Unix seconds for every entry. */
  readonly mtime: number;
  readonly bytesMax: number;
  /** For sentences. */
  readonly repository: string;
}

const FILES_MAX = 200_000;

/**
 * All files of a commit, read from git's objects and never from a work tree, so that no attribute, filter or end-of-line
 * setting changes them. E0205 beyond the bounds, E0204 for names such as `.git` or `..`, or a name that
 * stands twice (a link and a folder, say).
 */
export async function readTree(tree: TreeToRead): Promise<readonly TarEntry[]> {
  const listing = await gitOrFail(
    { args: ['ls-tree', '-r', '-t', '-z', '-l', '--full-tree', tree.commit], env: { GIT_DIR: tree.gitFolder } },
    'E0204',
    `The files of ${tree.repository} cannot be listed`,
  );
  const rows = parseListing(listing, tree.repository);
  const sizeBytes = rows.reduce((sum, row) => sum + row.sizeBytes, 0);
  if (rows.length > FILES_MAX || sizeBytes > tree.bytesMax) {
    throw new Failure('E0205', `The source ${tree.repository} is larger than its bound`, {
      why: `${rows.length} files, ${sizeBytes} bytes; allowed are ${FILES_MAX} and ${tree.bytesMax}`,
    });
  }
  if (new Set(rows.map((row) => row.path)).size !== rows.length) {
    throw new Failure('E0204', `${tree.repository} has two files of one name`, { at: tree.commit });
  }
  const blobs = await readBlobs(tree.gitFolder, new Map(rows.filter(isBlob).map((row) => [row.id, row.sizeBytes])));
  const entries = rows.map((row) => entryOf(row, blobs.get(row.id), tree.mtime));
  return entries.sort((a, b) => (a.path < b.path ? -1 : 1));
}

export interface TreeRow {
  readonly mode: string;
  readonly id: string;
  readonly sizeBytes: number;
  readonly path: string;
}

/** `mode SP type SP id SP+ size TAB path NUL` (git-ls-tree(1) "OUTPUT FORMAT"). */
export function parseListing(listing: Uint8Array, repository: string): readonly TreeRow[] {
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(listing);
  } catch (cause) {
    throw new Failure('E0204', `${repository} has a file name that is not UTF-8`, { cause });
  }
  return text
    .split('\0')
    .filter((row) => row !== '')
    .map((row) => parseRow(row, repository));
}

function parseRow(row: string, repository: string): TreeRow {
  const [, mode, id, size, path] = /^(\d{6}) \w+ ([0-9a-f]+) +(\d+|-)\t([^]+)$/.exec(row) ?? [];
  if (mode === undefined || id === undefined || path === undefined || !isHonest(path)) {
    throw new Failure('E0204', `${repository} has a file name that is not allowed`, { at: row.slice(0, 200) });
  }
  return { mode, id, sizeBytes: size === '-' ? 0 : Number(size), path };
}

/** A folder called .git would be taken for a repository by programs that run beside it. */
function isHonest(path: string): boolean {
  return path.split('/').every((name) => name !== '' && name !== '.' && name !== '..' && !/^\.git$/i.test(name));
}

function isBlob(row: TreeRow): boolean {
  return row.mode.startsWith('10') || row.mode === '120000';
}

function entryOf(row: TreeRow, content: Uint8Array | undefined, mtime: number): TarEntry {
  const common = { path: row.path, uid: 0, gid: 0, mtime };
  if (row.mode === '120000') {
    return { ...common, kind: 'symlink', mode: 0o777, linkTarget: new TextDecoder().decode(content) };
  }
  if (!isBlob(row)) return { ...common, kind: 'directory', mode: 0o755 };
  return { ...common, kind: 'file', mode: row.mode === '100755' ? 0o755 : 0o644, content: content ?? new Uint8Array() };
}
