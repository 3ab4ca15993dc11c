import { createHash, randomUUID } from 'node:crypto';
import { lstat, mkdir, open, readdir, readlink, rename, rm, rmdir, symlink } from 'node:fs/promises';
import { basename, dirname, join, relative, resolve } from 'node:path';
import { Failure } from '../../core/failure.ts';
import { crashPoint } from '../crash-point.ts';
import { writeFileDurably } from './write-file-durably.ts';

export interface FolderFile {
  /** Relative, with `/`. */
  readonly path: string;
  readonly bytes: Uint8Array;
}

/**
 * Replaces a whole folder at once. A folder cannot be renamed over another, a link can: the files go into a hidden folder
 * beside it, named by what they are, and `folder` becomes a link to that. Whoever reads sees all of the old or all of
 * the new, also after a crash. Throws E0803 where something lies there that was not made in this way.
 */
export async function replaceFolder(folder: string, files: readonly FolderFile[]): Promise<void> {
  const link = resolve(folder);
  await refuseOthers(link);
  const parent = dirname(link);
  await mkdir(parent, { recursive: true });
  const content = join(parent, `${prefixOf(link)}${nameOf(files)}`);
  if ((await lstat(content).catch(() => undefined)) === undefined) await writeWhole(content, files);
  const next = join(parent, `${prefixOf(link)}${randomUUID()}.link`);
  await symlink(relative(parent, content), next);
  await rename(next, link);
  await syncFolder(parent);
  crashPoint('link');
  await removeOlder(link, content);
}

/** Hidden, and known by the link that they serve. */
function prefixOf(link: string): string {
  return `.${basename(link)}.whole-`;
}

async function refuseOthers(link: string): Promise<void> {
  const there = await lstat(link).catch(() => undefined);
  if (there === undefined) return;
  if (there.isSymbolicLink() && (await readlink(link)).startsWith(prefixOf(link))) return;
  if (there.isDirectory() && (await readdir(link)).length === 0) {
    await rmdir(link);
    return;
  }
  throw new Failure('E0803', `${link} holds something else`, {
    at: link,
    why: 'only an empty folder, or one that was written here before, is replaced',
    kept: 'nothing there was changed',
    hint: 'name another folder',
  });
}

async function writeWhole(content: string, files: readonly FolderFile[]): Promise<void> {
  const partial = `${content}.${randomUUID()}.partial`;
  for (const { path, bytes } of files) await writeFileDurably(join(partial, path), bytes);
  await mkdir(partial, { recursive: true });
  await rename(partial, content);
  await syncFolder(dirname(content));
  crashPoint('folder');
}

/** What killed runs left behind, and what was there before. Someone may still be reading it: then it goes the next time. */
async function removeOlder(link: string, content: string): Promise<void> {
  const parent = dirname(link);
  for (const name of await readdir(parent)) {
    if (!name.startsWith(prefixOf(link)) || name === basename(content)) continue;
    await rm(join(parent, name), { recursive: true, force: true });
  }
}

function nameOf(files: readonly FolderFile[]): string {
  const hash = createHash('sha256');
  for (const { path, bytes } of files) {
    hash.update(`${path}\0${bytes.length}\0`);
    hash.update(bytes);
  }
  return hash.digest('hex').slice(0, 32);
}

async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
