import { randomUUID } from 'node:crypto';
import { link, open, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { crashPoint } from '../crash-point.ts';

/** Writes a file durably under a name that nobody has yet; somebody else's file of that name stays. */
export async function writeOnce(
  folder: string,
  path: string,
  content: { readonly text: string; readonly mode: number },
): Promise<void> {
  const aside = join(folder, `.${randomUUID()}`);
  const file = await open(aside, 'wx', content.mode);
  try {
    await file.writeFile(content.text);
    await file.sync();
  } finally {
    await file.close();
  }
  // A link, unlike a rename, fails when the name is taken.
  await link(aside, path).catch((error: unknown) => {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  });
  await rm(aside, { force: true });
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
  crashPoint('key stored');
}

export async function readIfThere(path: string): Promise<string | undefined> {
  return readFile(path, 'utf8').catch((error: unknown) => {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  });
}
