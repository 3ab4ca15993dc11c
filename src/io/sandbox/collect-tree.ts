import { lstat, readdir, readFile, readlink } from 'node:fs/promises';
import { join } from 'node:path';
import { Failure } from '../../core/failure.ts';
import type { TarEntry } from '../../formats/tar/entry.ts';
import { climbsOut } from '../../formats/tar/member-path.ts';

const FILES_MAX = 200_000;
const BYTES_MAX = 1024 ** 3;

/**
 * What a build left below a folder, as package contents: owner 0, one time, no links followed. E0402 for set-user-id and
 * set-group-id programs, sockets, devices, pipes and links that lead out, E0205 beyond a gibibyte. An absent folder is an empty package.
 */
export async function collectTree(base: string, below: string, mtime: number): Promise<readonly TarEntry[]> {
  let folder = base;
  for (const name of below.split('/')) {
    folder = join(folder, name);
    const found = await lstat(folder).catch(() => undefined);
    if (found === undefined) return [];
    if (!found.isDirectory()) throw refused(below, 'it is no folder');
  }
  const entries: TarEntry[] = [];
  let sizeBytes = 0;
  const visit = async (at: string): Promise<void> => {
    for (const name of (await readdir(join(folder, at))).sort()) {
      const path = at === '' ? name : `${at}/${name}`;
      const entry = await readEntry(join(folder, path), path, mtime, BYTES_MAX - sizeBytes);
      entries.push(entry);
      sizeBytes += entry.content?.length ?? 0;
      if (entries.length > FILES_MAX) throw tooLarge(`more than ${FILES_MAX} files`);
      if (entry.kind === 'directory') await visit(path);
    }
  };
  await visit('');
  return entries;
}

async function readEntry(file: string, path: string, mtime: number, bytesLeft: number): Promise<TarEntry> {
  const found = await lstat(file);
  const entry = { path, mode: found.mode & 0o777, uid: 0, gid: 0, mtime };
  if (found.isSymbolicLink()) {
    const linkTarget = await readlink(file);
    if (climbsOut(path, linkTarget)) throw refused(path, `it is a link that leads out of the package: ${linkTarget}`);
    return { ...entry, mode: 0o777, kind: 'symlink', linkTarget };
  }
  if (!found.isFile() && !found.isDirectory()) throw refused(path, 'it is neither file, folder nor link');
  if (found.isFile() && (found.mode & 0o6000) !== 0) throw refused(path, 'it would run with the rights of its owner');
  if (found.isDirectory()) return { ...entry, kind: 'directory' };
  if (found.size > bytesLeft) throw tooLarge('more than a gibibyte of files');
  return { ...entry, kind: 'file', content: await readFile(file) };
}

function refused(path: string, why: string): Failure {
  return new Failure('E0402', `The build left ${path}, which no package may hold`, { at: path, why });
}

function tooLarge(what: string): Failure {
  return new Failure('E0205', `The build left ${what}`);
}
