import { chmod, link, lstat, mkdir, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Failure } from '../../core/failure.ts';
import type { TarEntry } from '../../formats/tar/entry.ts';

/**
 * Writes entries into a folder of ours that nothing else writes to meanwhile. A path that leads through a link is
 * refused (E0404), so nothing is ever written outside; special permission bits are not set.
 */
export async function writeTree(folder: string, entries: readonly TarEntry[]): Promise<void> {
  const folders = new Set<string>();
  for (const entry of entries) {
    await ensureParents(folder, entry.path, folders);
    await writeEntry(folder, entry, folders);
  }
  for (const { kind, path, mode } of entries) {
    if (kind === 'directory') await chmod(join(folder, path), (mode & 0o777) | 0o700);
  }
}

async function writeEntry(folder: string, entry: TarEntry, folders: Set<string>): Promise<void> {
  const target = join(folder, entry.path);
  switch (entry.kind) {
    case 'directory':
      if (!folders.has(entry.path)) await makeFolder(target);
      folders.add(entry.path);
      return;
    case 'file':
      await writeFile(target, entry.content ?? new Uint8Array(), { flag: 'wx', mode: 0o600 });
      await chmod(target, entry.mode & 0o777);
      return;
    case 'symlink':
      await symlink(entry.linkTarget ?? '', target);
      return;
    case 'hardlink':
      await ensureParents(folder, entry.linkTarget ?? '', folders);
      await link(join(folder, entry.linkTarget ?? ''), target);
      return;
  }
}

async function ensureParents(folder: string, path: string, folders: Set<string>): Promise<void> {
  const parent = dirname(path);
  if (parent === '.' || folders.has(parent)) return;
  if (path.startsWith('/') || path.split('/').includes('..')) throw outside(path);
  await ensureParents(folder, parent, folders);
  await makeFolder(join(folder, parent));
  folders.add(parent);
}

async function makeFolder(path: string): Promise<void> {
  const found = await lstat(path).catch(() => undefined);
  if (found === undefined) await mkdir(path, { mode: 0o755 });
  else if (!found.isDirectory()) throw outside(path);
}

function outside(path: string): Failure {
  return new Failure('E0404', 'A path leads through something that is no folder, or out of its tree', { at: path });
}
