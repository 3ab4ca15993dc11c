import type { TarEntry } from '../tar/entry.ts';

/**
 * The tree that layers add up to, bottom first, whiteouts applied (OCI image-spec layer.md). A folder over a folder keeps
 * what lies below it; anything else replaces it with all that it held.
 */
export function mergeLayers<T extends Member>(layers: readonly (readonly T[])[]): T[] {
  const tree = new Map<string, T>();
  for (const layer of layers) {
    const gone = layer.flatMap((entry) => removedBy(entry, tree) ?? []);
    if (gone.length > 0) remove(gone, tree);
    for (const entry of layer) {
      if (!isWhiteout(entry.path)) tree.set(entry.path, entry);
    }
  }
  return [...tree.values()].toSorted((a, b) => (walkKey(a) < walkKey(b) ? -1 : walkKey(a) > walkKey(b) ? 1 : 0));
}

type Member = Pick<TarEntry, 'path' | 'kind'>;

/** In the order of a walk; hard links, whose target may be anywhere, after everything else. */
function walkKey(entry: Member): string {
  return (entry.kind === 'hardlink' ? '\u{10ffff}' : '') + entry.path.replaceAll('/', '\0');
}

function isWhiteout(path: string): boolean {
  return path.slice(path.lastIndexOf('/') + 1).startsWith('.wh.');
}

function removedBy(entry: Member, tree: ReadonlyMap<string, Member>): string | undefined {
  const slash = entry.path.lastIndexOf('/') + 1;
  const folder = entry.path.slice(0, slash);
  const name = entry.path.slice(slash);
  if (name === '.wh..wh..opq') return folder;
  if (name.startsWith('.wh.')) return folder + name.slice('.wh.'.length);
  const below = tree.get(entry.path);
  return below?.kind === 'directory' && entry.kind !== 'directory' ? entry.path : undefined;
}

/** A trailing slash (or nothing, for the root) means: only what lies inside. */
function remove(gone: readonly string[], tree: Map<string, Member>): void {
  for (const path of tree.keys()) {
    const taken = gone.some((one) => {
      if (one === '' || one.endsWith('/')) return path.startsWith(one);
      return path === one || path.startsWith(`${one}/`);
    });
    if (taken) tree.delete(path);
  }
}
