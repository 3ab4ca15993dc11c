import { constants } from 'node:fs';
import { chmod, link, lstat, lutimes, mkdir, open, symlink, unlink, lchown } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { Failure } from '../../core/failure.ts';
import { pathProblem } from '../../formats/tar/member-path.ts';
import type { TarEntry } from '../../formats/tar/entry.ts';

export interface ExtractOptions {
  /** Set owners as stated; needs root. Otherwise everything belongs to the caller. */
  readonly ownership?: boolean;
  /** Clear set-user-id and set-group-id bits, as for trees that only builds look at. */
  readonly plainModes?: boolean;
}

/**
 * Writes a tree into an existing folder. Links are made, never followed: every folder on the way to a member is looked at
 * first, and one that is a link or file stops the extraction (E0404), so nothing lands outside, whatever the entries say.
 * An entry takes the place of a file or link that is there already. Not durable and not atomic: extract into a fresh
 * folder.
 */
export async function extractTar(
  entries: readonly TarEntry[],
  folder: string,
  options: ExtractOptions = {},
): Promise<void> {
  const root = resolve(folder);
  const known = new Set([root]);
  for (const entry of entries) {
    const problem = pathProblem(entry.path);
    if (problem !== undefined) throw refused(entry.path, `The tree ${problem}`);
    const path = join(root, entry.path);
    await makeFolders(dirname(path), root, known);
    await place(entry, path, root, known);
    if (options.ownership === true) await lchown(path, entry.uid, entry.gid);
    if (entry.kind === 'file') await chmod(path, modeOf(entry, options));
  }
  // Folders last, from the inside out: writing into one needs its permissions and changes its time.
  for (const entry of entries.toReversed()) {
    const path = join(root, entry.path);
    if (entry.kind === 'directory') await chmod(path, modeOf(entry, options));
    await lutimes(path, entry.mtime, entry.mtime);
  }
}

function modeOf(entry: TarEntry, options: ExtractOptions): number {
  return entry.mode & (options.plainModes === true ? 0o777 : 0o7777);
}

async function place(entry: TarEntry, path: string, root: string, known: Set<string>): Promise<void> {
  switch (entry.kind) {
    case 'directory':
      return makeFolders(path, root, known);
    case 'file':
      return writeNew(path, entry.content ?? new Uint8Array(0));
    case 'symlink':
      await makeRoom(path);
      return symlink(entry.linkTarget ?? '', path);
    case 'hardlink': {
      const target = entry.linkTarget ?? '';
      if (pathProblem(target) !== undefined) throw refused(entry.path, 'The tree has a hard link that leads out of it');
      const targetPath = join(root, target);
      await makeFolders(dirname(targetPath), root, known);
      const there = await lstat(targetPath).catch(() => undefined);
      if (there?.isFile() !== true) throw refused(entry.path, 'The tree has a hard link to something that is no file');
      await makeRoom(path);
      return link(targetPath, path);
    }
  }
}

/** Makes a folder and those above it, up to the root; what exists must be a real folder. */
async function makeFolders(path: string, root: string, known: Set<string>): Promise<void> {
  if (known.has(path)) return;
  await makeFolders(dirname(path), root, known);
  const there = await lstat(path).catch(() => undefined);
  if (there === undefined) await mkdir(path, 0o755);
  else if (!there.isDirectory())
    throw refused(path.slice(root.length + 1), 'The tree has a member below something that is no folder');
  known.add(path);
}

/** Exclusive, and never through a link (O_EXCL with O_NOFOLLOW). */
async function writeNew(path: string, content: Uint8Array): Promise<void> {
  await makeRoom(path);
  const { O_WRONLY, O_CREAT, O_EXCL, O_NOFOLLOW } = constants;
  const file = await open(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, 0o600);
  try {
    await file.writeFile(content);
  } finally {
    await file.close();
  }
}

async function makeRoom(path: string): Promise<void> {
  const there = await lstat(path).catch(() => undefined);
  if (there === undefined) return;
  if (there.isDirectory()) throw refused(path, 'The tree has a member in the place of a folder');
  await unlink(path);
}

function refused(at: string, sentence: string): Failure {
  return new Failure('E0404', sentence, { at, kept: 'nothing was written outside of the folder' });
}
