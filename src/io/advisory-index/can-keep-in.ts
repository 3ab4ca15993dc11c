import { mkdir, mkdtemp, rmdir } from 'node:fs/promises';
import { join } from 'node:path';

/** A cache may lie where nothing can be written: in an image, on a mounted disk. Only who writes there knows. */
export async function canKeepIn(cache: string): Promise<boolean> {
  try {
    await mkdir(cache, { recursive: true });
    await rmdir(await mkdtemp(join(cache, '.probe-')));
    return true;
  } catch {
    return false;
  }
}
