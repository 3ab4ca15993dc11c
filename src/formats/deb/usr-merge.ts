import type { TarEntry } from '../tar/entry.ts';

/** Folders at the root that are links to the same names below usr/ on every Debian since bookworm. */
export const mergedFolders = ['bin', 'lib', 'lib32', 'lib64', 'libx32', 'sbin'] as const;

/**
 * The files of a package where they lie on a system with merged /usr: what the package ships as `lib/x` is `usr/lib/x`. As
 * a layer the old paths would put a folder in the place of the link.
 */
export function withMergedUsr(entries: readonly TarEntry[]): readonly TarEntry[] {
  const merged = new Map<string, TarEntry>();
  for (const entry of entries) {
    const isLink = entry.kind === 'symlink' && isMerged(entry.path);
    const path = isLink ? entry.path : mergedPath(entry.path);
    if (merged.has(path) && entry.kind === 'directory') continue;
    const target = entry.kind === 'hardlink' ? mergedPath(entry.linkTarget ?? '') : entry.linkTarget;
    merged.set(path, { ...entry, path, ...(target === undefined ? {} : { linkTarget: target }) });
  }
  return [...merged.values()];
}

export function mergedPath(path: string): string {
  const slash = path.indexOf('/');
  return isMerged(slash < 0 ? path : path.slice(0, slash)) ? `usr/${path}` : path;
}

function isMerged(name: string): boolean {
  return mergedFolders.some((folder) => folder === name);
}
