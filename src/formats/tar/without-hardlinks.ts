import type { TarEntry } from './entry.ts';

/**
 * The same tree with each hard link to an earlier member as the file that it is. Layers need that: a file that a layer
 * above replaces stays what it was under its other names.
 */
export function withoutHardlinks(entries: readonly TarEntry[]): readonly TarEntry[] {
  if (!entries.some((entry) => entry.kind === 'hardlink')) return entries;
  const files = new Map<string, TarEntry>();
  return entries.map((entry) => {
    const target = entry.kind === 'hardlink' ? files.get(entry.linkTarget ?? '') : undefined;
    const resolved = target === undefined ? entry : { ...target, path: entry.path };
    if (resolved.kind === 'file') files.set(resolved.path, resolved);
    return resolved;
  });
}
