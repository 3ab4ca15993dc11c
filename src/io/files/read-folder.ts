import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { Failure } from '../../core/failure.ts';
import type { FolderFile } from './replace-folder.ts';

const FILES_MAX = 500_000;
const FILE_BYTES_MAX = 512 * 1024 * 1024;

/** Every file below a folder, one at a time, in the order of their paths. E0904 where there is none, E0205 beyond the bounds. */
export async function* readFolder(folder: string): AsyncIterable<FolderFile> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch((cause: unknown) => {
    throw new Failure('E0904', `${folder} is not a folder that can be read`, { at: folder, cause });
  });
  const paths = entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
  if (paths.length > FILES_MAX) throw tooLarge(folder, `more than ${FILES_MAX} files`);
  for (const path of paths) {
    const { size } = await stat(path);
    if (size > FILE_BYTES_MAX) throw tooLarge(path, `${size} bytes`);
    yield { path: path.slice(folder.length).replace(/^\/+/, ''), bytes: await readFile(path) };
  }
}

function tooLarge(at: string, why: string): Failure {
  return new Failure('E0205', `${at} is more than is read`, { at, why });
}
