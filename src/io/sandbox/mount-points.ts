import { lstat, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { Failure } from '../../core/failure.ts';
import type { SandboxMount } from './sandbox.ts';

/**
 * Makes the empty folders in a root that mounts need (`/proc`, `/dev`, `/tmp` and the given ones). Never follows a
 * symbolic link of the root, which could lead out of it: E0403.
 */
export async function ensureMountPoints(root: string, mounts: readonly SandboxMount[]): Promise<void> {
  for (const path of ['/proc', '/dev', '/tmp', ...mounts.map((mount) => mount.to)]) {
    let folder = root;
    for (const part of path.split('/').filter((name) => name !== '')) {
      folder = join(folder, part);
      await ensureFolder(folder, path);
    }
  }
}

async function ensureFolder(folder: string, path: string): Promise<void> {
  const found = await lstat(folder).catch(() => undefined);
  if (found?.isDirectory()) return;
  if (found !== undefined) {
    throw new Failure('E0403', `The build root has something else than a folder where ${path} is mounted`, {
      at: folder,
      hint: 'replace it by an empty folder',
    });
  }
  try {
    await mkdir(folder, { mode: 0o755 });
  } catch (cause) {
    if ((await lstat(folder).catch(() => undefined))?.isDirectory()) return; // another run made it
    throw new Failure('E0403', `The build root lacks ${path} and it cannot be made`, {
      at: folder,
      cause,
      hint: `mkdir -p ${folder}`,
    });
  }
}
