import type { TarEntry } from './entry.ts';

/** Which paths an archive has used so far, so that no member can be written through, over or instead of another. */
export class PathRegister {
  readonly #kinds = new Map<string, TarEntry>();
  /** Directories that exist because something lies in them. */
  readonly #parents = new Set<string>();

  /** Takes note of a member; says what is wrong with its place, in words that follow the archive's name. */
  add(entry: TarEntry, outsideHardlinks: boolean): string | undefined {
    const before = this.#kinds.get(entry.path);
    if (before !== undefined)
      return sameDirectory(before, entry) ? 'repeated directory' : 'has two members with one path';
    if (entry.kind !== 'directory' && this.#parents.has(entry.path)) return 'has a member in the place of a folder';
    const passed = this.#passParents(entry.path);
    if (passed !== undefined) return passed;
    if (entry.kind === 'hardlink' && !this.#mayLink(entry.linkTarget ?? '', outsideHardlinks)) {
      return 'has a hard link to something that is no earlier file of it';
    }
    this.#kinds.set(entry.path, entry);
    return undefined;
  }

  #passParents(path: string): string | undefined {
    for (let slash = path.lastIndexOf('/'); slash > 0; slash = path.lastIndexOf('/', slash - 1)) {
      const parent = path.slice(0, slash);
      if (this.#parents.has(parent)) return undefined;
      const kind = this.#kinds.get(parent)?.kind;
      if (kind === 'symlink') return 'has a member whose path goes through a symbolic link';
      if (kind !== undefined && kind !== 'directory') return 'has a member whose path goes through a file';
      this.#parents.add(parent);
    }
    return undefined;
  }

  #mayLink(target: string, outside: boolean): boolean {
    const kind = this.#kinds.get(target)?.kind;
    return kind === undefined ? outside : kind === 'file' || kind === 'hardlink';
  }
}

function sameDirectory(a: TarEntry, b: TarEntry): boolean {
  return a.kind === 'directory' && b.kind === 'directory' && a.mode === b.mode && a.uid === b.uid && a.gid === b.gid;
}
