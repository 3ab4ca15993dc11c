import { randomUUID } from 'node:crypto';
import { closeSync, fsync, openSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { mkdir, readdir, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import type { Digest } from '../../core/digest.ts';
import { crashPoint } from '../crash-point.ts';
import { folderSync } from './folder-sync.ts';

/**
 * Where the registry's bytes lie. Whatever has its final name is whole: it was written aside, synced and renamed.
 *
 *     blobs/<hex>                                     shared by all repositories
 *     repositories/<name>/_manifests/<hex>            the manifest's bytes
 *     repositories/<name>/_tags/<tag>                 a digest
 *     repositories/<name>/_referrers/<hex>.<hex>      subject and referrer; an empty file
 *     uploads/<uuid>                                  unfinished; emptied at every start
 *
 * Names of repositories never begin with an underscore, so the folders cannot meet.
 */
export interface Disk {
  blobPath(digest: Digest): string;
  manifestPath(name: string, digest: Digest): string;
  tagPath(name: string, tag: string): string;
  referrerPath(name: string, subject: Digest, referrer: Digest): string;
  /** Folder of a repository; not made yet. */
  repositoryPath(name: string): string;
  readonly repositories: string;
  /** A name for bytes that are not whole yet, on the same file system as everything else. */
  asidePath(): string;
  /** Size of a file that will survive a power cut; one that another push is just placing is waited for. */
  kept(path: string): Promise<number | undefined>;
  /** Gives a synced file its final name, durably. */
  place(aside: string, path: string, what: string): Promise<void>;
  /** Makes an empty file durably: its name is all that it says. */
  mark(path: string, what: string): Promise<void>;
  /** Writes small content durably under its final name, replacing what was there in one step. */
  write(path: string, content: Uint8Array | string, what: string): Promise<void>;
  remove(path: string, what: string): Promise<void>;
}

export async function openDisk(folder: string): Promise<Disk> {
  const uploads = join(folder, 'uploads');
  const repositories = join(folder, 'repositories');
  // Unfinished uploads belong to connections that a restart has cut: their clients begin again.
  await rm(uploads, { recursive: true, force: true });
  for (const path of [folder, uploads, join(folder, 'blobs'), repositories]) {
    await mkdir(path, { recursive: true, mode: 0o700 });
  }
  const { sync, settled } = folderSync();
  await sync(folder);
  const ensureFolder = folderMaker(sync);

  const disk: Disk = {
    repositories,
    blobPath: (digest) => join(folder, 'blobs', hexOf(digest)),
    repositoryPath: (name) => join(repositories, name),
    manifestPath: (name, digest) => join(repositories, name, '_manifests', hexOf(digest)),
    tagPath: (name, tag) => join(repositories, name, '_tags', tag),
    referrerPath: (name, subject, referrer) =>
      join(repositories, name, '_referrers', `${hexOf(subject)}.${hexOf(referrer)}`),
    asidePath: () => join(uploads, randomUUID()),
    async kept(path) {
      const sizeBytes = await sizeOf(path);
      if (sizeBytes !== undefined) await settled(dirname(path));
      return sizeBytes;
    },
    async place(aside, path, what) {
      await ensureFolder(dirname(path));
      renameSync(aside, path);
      await sync(dirname(path));
      crashPoint(what);
    },
    async mark(path, what) {
      await ensureFolder(dirname(path));
      closeSync(openSync(path, 'a', 0o600));
      await sync(dirname(path));
      crashPoint(what);
    },
    async write(path, content, what) {
      const aside = disk.asidePath();
      await writeSynced(aside, content);
      await disk.place(aside, path, what);
    },
    async remove(path, what) {
      await rm(path, { force: true });
      await sync(dirname(path)).catch(ignoreMissing);
      crashPoint(what);
    },
  };
  return disk;
}

export function hexOf(digest: Digest): string {
  return digest.slice('sha256:'.length);
}

/** Size in bytes, undefined when there is no such file. */
export async function sizeOf(path: string): Promise<number | undefined> {
  const found = statSync(path, { throwIfNoEntry: false });
  return found?.isFile() === true ? found.size : undefined;
}

export async function readIfThere(path: string): Promise<Buffer | undefined> {
  try {
    return readFileSync(path);
  } catch (error) {
    return ignoreMissing(error);
  }
}

/** Names in a folder in code point order; empty when there is no such folder. */
export async function namesIn(folder: string): Promise<readonly string[]> {
  const names = (await readdir(folder).catch(ignoreMissing)) ?? [];
  return names.sort();
}

// A few microseconds each on a local disk, several times less than a trip through the thread pool; only syncing waits
// for the disk, so only that is left to others meanwhile.
async function writeSynced(path: string, content: Uint8Array | string): Promise<void> {
  const file = openSync(path, 'wx', 0o600);
  try {
    writeFileSync(file, content);
    await synced(file);
  } finally {
    closeSync(file);
  }
}

const synced = promisify(fsync);

function ignoreMissing(error: unknown): undefined {
  const code = (error as NodeJS.ErrnoException).code;
  if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
  throw error;
}

/**
 * A new folder is durable once its parent is synced, and so on up to the first that was there before. Callers that
 * come while a folder is being made wait for the same work.
 */
function folderMaker(sync: (folder: string) => Promise<void>): (path: string) => Promise<void> {
  const made = new Map<string, Promise<void>>();
  return (path) => {
    const known = made.get(path);
    if (known !== undefined) return known;
    const making = makeFolder(path, sync).catch((error: unknown) => {
      made.delete(path);
      throw error;
    });
    made.set(path, making);
    return making;
  };
}

async function makeFolder(path: string, sync: (folder: string) => Promise<void>): Promise<void> {
  const first = await mkdir(path, { recursive: true, mode: 0o700 });
  if (first === undefined) return;
  for (let parent = dirname(path); parent.length >= dirname(first).length; parent = dirname(parent)) await sync(parent);
}
