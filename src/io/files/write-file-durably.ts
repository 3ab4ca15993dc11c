import { randomUUID } from 'node:crypto';
import { mkdir, open, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { crashPoint } from '../crash-point.ts';

/** Replaces a file whole: after a crash it is the old one or the new one, never half of either. */
export async function writeFileDurably(path: string, content: string | Uint8Array, mode = 0o644): Promise<void> {
  const folder = dirname(path);
  await mkdir(folder, { recursive: true });
  const partial = join(folder, `.${randomUUID()}.partial`);
  try {
    await syncAfter(await open(partial, 'wx', mode), (file) => file.writeFile(content));
    await rename(partial, path);
  } catch (error) {
    await rm(partial, { force: true });
    throw error;
  }
  await syncAfter(await open(folder, 'r'), () => Promise.resolve());
  crashPoint('file');
}

async function syncAfter(
  file: Awaited<ReturnType<typeof open>>,
  work: (file: Awaited<ReturnType<typeof open>>) => Promise<void>,
): Promise<void> {
  try {
    await work(file);
    await file.sync();
  } finally {
    await file.close();
  }
}
