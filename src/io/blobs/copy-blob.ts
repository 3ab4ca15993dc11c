import { randomUUID } from 'node:crypto';
import { copyFile, mkdir, open, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { crashPoint } from '../crash-point.ts';
import { checkBlob, type BlobState } from './check-blob.ts';

/** Copies a blob's file to a new name, durably and only if its bytes give the digest; whole or not at all. */
export async function copyBlob(
  digest: string,
  { from, to }: { readonly from: string; readonly to: string },
): Promise<BlobState> {
  const folder = dirname(to);
  await mkdir(folder, { recursive: true });
  const aside = join(folder, `.${randomUUID()}.partial`);
  try {
    try {
      await copyFile(from, aside);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return 'missing';
      throw error;
    }
    // What was copied is checked, not what was there before.
    const state = await checkBlob(aside, digest);
    if (state !== 'whole') return state;
    const file = await open(aside, 'r');
    await file.sync().finally(() => file.close());
    await rename(aside, to);
    const handle = await open(folder, 'r');
    await handle.sync().finally(() => handle.close());
    crashPoint('blob copied');
    return 'whole';
  } finally {
    await rm(aside, { force: true });
  }
}
