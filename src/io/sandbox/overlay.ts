import { chmod, copyFile, link, lstat, mkdir, readdir, readlink, rm, symlink, constants } from 'node:fs/promises';
import { join } from 'node:path';
import { Failure } from '../../core/failure.ts';
import type { SandboxOverlay } from './sandbox.ts';

/**
 * The root that a run sees: the given one, or a throwaway tree `into` with the overlay's files over it. Files of a
 * read-only result are hard links (nothing is copied); a writable result is copied, so that no write reaches the root.
 * Kernel overlays would save the copy but need privileges, or files that belong to the user.
 */
export async function layRoot(root: string, overlay: SandboxOverlay | undefined, into: string): Promise<string> {
  if (overlay === undefined) return root;
  await lay(root, into, overlay.writable ? copy : linkOrCopy);
  await lay(overlay.folder, into, overlay.writable ? copy : linkOrCopy);
  return into;
}

type Place = (from: string, to: string) => Promise<void>;

async function lay(from: string, to: string, place: Place): Promise<void> {
  await makeFolder(from, to);
  for (const entry of await readdir(from, { withFileTypes: true })) {
    const source = join(from, entry.name);
    const target = join(to, entry.name);
    if (entry.isDirectory()) await lay(source, target, place);
    else if (entry.isSymbolicLink()) await relink(source, target);
    else if (entry.isFile()) await replace(source, target, place);
  }
}

async function makeFolder(from: string, to: string): Promise<void> {
  const found = await lstat(to).catch(() => undefined);
  if (found !== undefined && !found.isDirectory()) {
    throw new Failure('E0402', `A folder lies over something else: ${to}`, { at: from });
  }
  if (found === undefined) await mkdir(to);
  await chmod(to, ((await lstat(from)).mode & 0o777) | 0o700);
}

async function relink(from: string, to: string): Promise<void> {
  await rm(to, { force: true });
  await symlink(await readlink(from), to);
}

async function replace(from: string, to: string, place: Place): Promise<void> {
  await rm(to, { force: true });
  await place(from, to);
}

async function linkOrCopy(from: string, to: string): Promise<void> {
  try {
    await link(from, to);
  } catch {
    await copy(from, to); // another file system, or not ours to link
  }
}

function copy(from: string, to: string): Promise<void> {
  return copyFile(from, to, constants.COPYFILE_FICLONE);
}
