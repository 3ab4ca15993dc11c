import { access, constants, open, rm, stat, statfs } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fails, warns, works } from './check.ts';
import type { Finding } from './check.ts';

const GIB = 1024 ** 3;
const DISK_NEEDED_GIB = 1;
const DISK_COMFORTABLE_GIB = 10;

export async function lookAtDisk(folder: string): Promise<Finding> {
  const { bavail, bsize } = await statfs(await nearest(folder));
  const free = (bavail * bsize) / GIB;
  const words = `${free.toFixed(1)} GiB free for ${folder}`;
  if (free < DISK_NEEDED_GIB) return fails(words, `free at least ${DISK_COMFORTABLE_GIB} GiB`);
  return free < DISK_COMFORTABLE_GIB ? warns(words, `free at least ${DISK_COMFORTABLE_GIB} GiB`) : works(words);
}

/** Writes and syncs a byte where the store is, or would be. */
export async function lookAtStore(folder: string): Promise<Finding> {
  const place = await nearest(folder);
  if (place !== folder) {
    await access(place, constants.W_OK);
    return works(`${folder} can be made`);
  }
  const file = join(folder, `.doctor-${process.pid}`);
  try {
    const handle = await open(file, 'wx');
    try {
      await handle.writeFile('x');
      await handle.sync();
    } finally {
      await handle.close();
    }
    return works(`${folder} is writable`);
  } catch (error) {
    const words = error instanceof Error ? error.message : String(error);
    return fails(`${folder} cannot be written: ${words}`, `make ${folder} writable for this user`);
  } finally {
    await rm(file, { force: true });
  }
}

/** The folder itself, or the nearest one above it that exists. */
async function nearest(folder: string): Promise<string> {
  for (let place = folder; ; place = dirname(place)) {
    if ((await stat(place).catch(() => undefined))?.isDirectory()) return place;
    if (dirname(place) === place) return place;
  }
}
