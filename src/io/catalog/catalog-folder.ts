import { stat } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';

/** The nearest folder, upward, with a suture.yaml; undefined when the repository or the disk has none. */
export async function catalogFolder(from: string): Promise<string | undefined> {
  for (let folder = resolve(from); ; folder = dirname(folder)) {
    if (await exists(resolve(folder, 'suture.yaml'))) return folder;
    if (dirname(folder) === folder || (await exists(resolve(folder, '.git')))) return undefined;
  }
}

async function exists(path: string): Promise<boolean> {
  return (await stat(path).catch(() => undefined)) !== undefined;
}
