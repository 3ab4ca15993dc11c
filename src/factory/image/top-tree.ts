import type { Line } from '../../core/catalog/catalog.ts';
import type { FileFact } from '../../core/compat/image-facts.ts';
import { inWalkOrder } from '../../formats/apk/package-tree.ts';
import type { TarEntry } from '../../formats/tar/entry.ts';

interface Access {
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
}

/** What no package brings, put together; what a package owns is left to it. */
export class TopTree {
  readonly #owned: ReadonlyMap<string, FileFact>;
  readonly #mtime: number;
  readonly #made = new Map<string, TarEntry>();

  constructor(owned: ReadonlyMap<string, FileFact>, mtime: number) {
    this.#owned = owned;
    this.#mtime = mtime;
  }

  has(path: string): boolean {
    return this.#owned.has(path) || this.#made.has(path);
  }

  folder(path: string, access: Partial<Access> = {}): void {
    if (path === '' || this.has(path)) return;
    this.folder(parentOf(path));
    this.#made.set(path, { path, kind: 'directory', mode: 0o755, uid: 0, gid: 0, ...access, mtime: this.#mtime });
  }

  /** In place of a package's file of the same path, if there is one. */
  file(path: string, text: string): void {
    this.add({ path, kind: 'file', mode: 0o644, uid: 0, gid: 0, mtime: this.#mtime, content: Buffer.from(text) });
  }

  link(path: string, linkTarget: string): void {
    this.add({ path, kind: 'symlink', mode: 0o777, uid: 0, gid: 0, mtime: this.#mtime, linkTarget });
  }

  add(entry: TarEntry): void {
    this.folder(parentOf(entry.path));
    this.#made.set(entry.path, entry);
  }

  /** The folders that running needs, the user's home, and the folder that the image starts in: theirs. */
  standardFolders({ user, workDir }: Pick<Line, 'user' | 'workDir'>): void {
    for (const path of ['dev', 'etc', 'proc', 'run', 'sys', 'usr', 'var']) this.folder(path);
    this.folder('root', { mode: 0o700 });
    this.folder('tmp', { mode: 0o1777 });
    this.folder('var/tmp', { mode: 0o1777 });
    const own = user === null ? {} : { uid: user.uid, gid: user.gid };
    if (user !== null && user.uid !== 0) this.folder(`home/${user.name}`, { ...own, mode: 0o700 });
    this.folder(workDir.replace(/^\/+|\/+$/g, ''), own);
  }

  entries(): TarEntry[] {
    return [...this.#made.values()].toSorted(inWalkOrder);
  }
}

function parentOf(path: string): string {
  return path.slice(0, Math.max(path.lastIndexOf('/'), 0));
}
