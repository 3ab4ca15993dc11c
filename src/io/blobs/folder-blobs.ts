import { randomUUID } from 'node:crypto';
import { mkdir, open, readFile, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { digestOf, type Digest } from '../../core/digest.ts';
import { Failure } from '../../core/failure.ts';
import type { BlobStore } from '../../factory/deps.ts';
import { blobPath } from './blob-path.ts';
import { crashPoint } from '../crash-point.ts';

/**
 * Bytes by digest in a folder: `<folder>/sha256/ab/<hex>`. Any number of processes may write to it at once: a file
 * comes into being whole, by a rename, and is never changed after that.
 */
export function folderBlobs(folder: string): BlobStore {
  const pathOf = (digest: Digest) => blobPath(folder, digest);
  return {
    async put(bytes) {
      const digest = digestOf(bytes);
      const path = pathOf(digest);
      if (!(await exists(path))) await guarded(path, () => write(path, bytes));
      return digest;
    },
    async get(digest) {
      const path = pathOf(digest);
      const bytes = await guarded(path, () => readFile(path).catch(undefinedWhenMissing));
      if (bytes !== undefined && digestOf(bytes) !== digest) throw damaged(path, digest);
      return bytes;
    },
    has: (digest) => exists(pathOf(digest)),
  };
}

async function exists(path: string): Promise<boolean> {
  return (await guarded(path, () => stat(path).catch(undefinedWhenMissing))) !== undefined;
}

/** Durable when it returns: the file's bytes, then its name, then the names of the folders that were made for it. */
async function write(path: string, bytes: Uint8Array): Promise<void> {
  const folder = dirname(path);
  const made = await mkdir(folder, { recursive: true });
  const partial = join(folder, `.${randomUUID()}.partial`);
  try {
    await writeSynced(partial, bytes);
    await rename(partial, path);
  } catch (error) {
    await rm(partial, { force: true });
    throw error;
  }
  await syncFolder(folder);
  // mkdir answers with the first folder it made: each one up to that is a new name in its parent.
  if (made !== undefined)
    for (let at = folder; at.length >= made.length; at = dirname(at)) await syncFolder(dirname(at));
  crashPoint('blob');
}

async function writeSynced(path: string, bytes: Uint8Array): Promise<void> {
  const file = await open(path, 'wx', 0o644);
  try {
    await file.writeFile(bytes);
    await file.sync();
  } finally {
    await file.close();
  }
}

async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

function undefinedWhenMissing(error: NodeJS.ErrnoException): undefined {
  if (error.code !== 'ENOENT') throw error;
}

async function guarded<T>(path: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const trouble = troubles[(error as NodeJS.ErrnoException).code ?? ''];
    if (trouble === undefined) throw error;
    throw new Failure('E0803', `The blob store cannot be used: ${trouble.what}`, {
      at: path,
      kept: 'every blob that was there before',
      hint: trouble.hint,
      retryable: true,
      cause: error,
    });
  }
}

const troubles: Readonly<Record<string, { readonly what: string; readonly hint: string }>> = {
  ENOSPC: { what: 'the disk is full', hint: 'make room and try again' },
  EDQUOT: { what: 'the quota is used up', hint: 'make room and try again' },
  EFBIG: { what: 'the file is larger than this process may write', hint: 'raise the limit on file sizes' },
  EROFS: { what: 'the disk is read-only', hint: 'check how the disk is mounted' },
  EACCES: { what: 'access is denied', hint: 'check who owns the folder' },
  EPERM: { what: 'access is denied', hint: 'check who owns the folder' },
  EIO: { what: 'the disk could not be read or written', hint: 'check the disk' },
  ENOTDIR: { what: 'a file stands where a folder is needed', hint: 'move that file away' },
};

function damaged(path: string, digest: Digest): Failure {
  return new Failure('E0301', `The blob ${digest} is damaged: the file's bytes give another digest`, {
    at: path,
    kept: 'the file, as it is',
    hint: `restore it from a copy; or move it away (mv ${path} ${path}.damaged) and raise \`epoch\` where it was a package`,
  });
}
