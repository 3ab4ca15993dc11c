import { createHash } from 'node:crypto';
import { Failure } from '../../core/failure.ts';
import type { TarEntry } from '../tar/entry.ts';

/** PAX key under which apk keeps the SHA-1, hex, of a file's content or of a symbolic link's target text. */
export const checksumKey = 'APK-TOOLS.checksum.SHA1';

/**
 * The tree of a package in the one form that it is written in: every folder explicit, in the order of a walk, owned by
 * root, one time for all, checksums on all but folders. E0404 for paths that apk would skip or that would break its
 * database: dot files at the root, control characters.
 */
export function packageTree(files: readonly TarEntry[], mtime: number): TarEntry[] {
  const byPath = new Map<string, TarEntry>();
  for (const file of files) {
    const problem = packagePathProblem(file.path);
    if (problem !== undefined) throw new Failure('E0404', `The package tree has ${problem}`, { at: file.path });
    if (byPath.has(file.path)) throw new Failure('E0404', 'The package tree has one path twice', { at: file.path });
    byPath.set(file.path, file);
  }
  for (const path of byPath.keys()) addParents(path, byPath);
  return [...byPath.values()].toSorted(inWalkOrder).map((entry) => normalised(entry, mtime, byPath));
}

/** A folder before what lies in it, siblings by code unit. */
export function inWalkOrder(a: { readonly path: string }, b: { readonly path: string }): number {
  const left = a.path.replaceAll('/', '\0');
  const right = b.path.replaceAll('/', '\0');
  return left < right ? -1 : left > right ? 1 : 0;
}

export function packagePathProblem(path: string): string | undefined {
  if (path.startsWith('.')) return 'a dot file at its root, which would be skipped at installation';
  // oxlint-disable-next-line no-control-regex -- these are what breaks the line-based database
  if (/[\x00-\x1f\x7f]/.test(path)) return 'a control character in a path';
  return undefined;
}

/** SHA-1, hex, that apk wants to see for an entry; undefined for folders. */
export function checksumOf(entry: TarEntry, target?: TarEntry): string | undefined {
  switch (entry.kind) {
    case 'directory':
      return undefined;
    case 'symlink':
      return sha1(Buffer.from(entry.linkTarget ?? ''));
    case 'file':
      return sha1(entry.content ?? new Uint8Array(0));
    case 'hardlink':
      return target === undefined ? undefined : checksumOf(target);
  }
}

function addParents(path: string, byPath: Map<string, TarEntry>): void {
  for (let slash = path.lastIndexOf('/'); slash > 0; slash = path.lastIndexOf('/', slash - 1)) {
    const parent = path.slice(0, slash);
    const there = byPath.get(parent);
    if (there !== undefined && there.kind !== 'directory') {
      throw new Failure('E0404', 'The package tree has a file below something that is no folder', { at: path });
    }
    if (there === undefined)
      byPath.set(parent, { path: parent, kind: 'directory', mode: 0o755, uid: 0, gid: 0, mtime: 0 });
  }
}

function normalised(entry: TarEntry, mtime: number, byPath: ReadonlyMap<string, TarEntry>): TarEntry {
  const target = entry.kind === 'hardlink' ? byPath.get(entry.linkTarget ?? '') : undefined;
  if (entry.kind === 'hardlink' && (target?.kind !== 'file' || inWalkOrder(target, entry) > 0)) {
    throw new Failure('E0404', 'The package tree has a hard link to something that is no earlier file', {
      at: entry.path,
    });
  }
  const checksum = checksumOf(entry, target);
  const attributes = Object.entries(entry.pax ?? {}).filter(([key]) => key.startsWith('SCHILY.xattr.'));
  const pax = { ...Object.fromEntries(attributes), ...(checksum === undefined ? {} : { [checksumKey]: checksum }) };
  const mode = entry.kind === 'symlink' ? 0o777 : entry.mode & 0o7777;
  return { ...entry, mode, uid: 0, gid: 0, mtime, pax };
}

function sha1(bytes: Uint8Array): string {
  return createHash('sha1').update(bytes).digest('hex');
}
