import {
  chmodSync,
  closeSync,
  fchmodSync,
  futimesSync,
  linkSync,
  lstatSync,
  mkdirSync,
  openSync,
  symlinkSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { Failure } from '../../core/failure.ts';
import type { TarEntry } from '../../formats/tar/entry.ts';
import { pathProblem } from '../../formats/tar/member-path.ts';

/**
 * Writes entries into a folder of ours that nothing else writes to meanwhile. A path that leads through a link is
 * refused (E0404), so nothing is ever written outside; special permission bits and owners are not set.
 */
export async function writeTree(folder: string, entries: readonly TarEntry[]): Promise<void> {
  const writer = new TreeWriter(folder);
  await writer.write(entries);
  writer.finish();
}

/** Others have their turn after as much as this, for the calls below are ones that wait. */
const ENTRIES_AT_ONCE = 64;
const BYTES_AT_ONCE = 8 * 1024 ** 2;

/**
 * The same in several goes. Its calls wait for the disk, for in files as small as those of packages the way through a
 * pool of threads takes several times as long as the call itself.
 */
export class TreeWriter {
  readonly #folder: string;
  /** Known to be folders, and none of them a link. */
  readonly #folders = new Set(['.']);
  readonly #modes = new Map<string, number>();

  constructor(folder: string) {
    this.#folder = folder;
  }

  async write(entries: Iterable<TarEntry>): Promise<void> {
    let count = 0;
    let bytes = 0;
    for (const entry of entries) {
      this.#write(entry);
      count += 1;
      bytes += entry.content?.length ?? 0;
      if (count < ENTRIES_AT_ONCE && bytes < BYTES_AT_ONCE) continue;
      await setImmediate();
      count = 0;
      bytes = 0;
    }
  }

  /** Makes room for another file; folders stay. */
  remove(path: string): void {
    unlinkSync(this.#place(path));
  }

  /** Gives folders their modes: one that is closed to its owner could not be filled before. */
  finish(): void {
    for (const [path, mode] of this.#modes) chmodSync(join(this.#folder, path), (mode & 0o777) | 0o700);
  }

  #write(entry: TarEntry): void {
    const target = this.#place(entry.path);
    try {
      this.#make(entry, target);
    } catch (cause) {
      if (!(cause instanceof Error) || !('code' in cause) || cause.code !== 'EEXIST') throw cause;
      throw new Failure('E0404', 'A tree has two things at one path', { at: entry.path, cause });
    }
  }

  #make(entry: TarEntry, target: string): void {
    switch (entry.kind) {
      case 'directory':
        this.#ensureFolder(entry.path);
        this.#modes.set(entry.path, entry.mode);
        return;
      case 'file':
        writeNewFile(target, entry);
        return;
      case 'symlink':
        symlinkSync(entry.linkTarget ?? '', target);
        return;
      case 'hardlink':
        linkSync(this.#place(entry.linkTarget ?? ''), target);
        return;
    }
  }

  /** Where a path lies, with all folders that lead to it. */
  #place(path: string): string {
    if (pathProblem(path) !== undefined) throw outside(path);
    this.#ensureParents(path);
    return join(this.#folder, path);
  }

  #ensureParents(path: string): void {
    const parent = dirname(path);
    if (this.#folders.has(parent)) return;
    this.#ensureParents(parent);
    this.#ensureFolder(parent);
  }

  #ensureFolder(path: string): void {
    if (this.#folders.has(path)) return;
    const target = join(this.#folder, path);
    const found = lstatSync(target, { throwIfNoEntry: false });
    if (found === undefined) mkdirSync(target, { mode: 0o755 });
    else if (!found.isDirectory()) throw outside(path);
    this.#folders.add(path);
  }
}

function writeNewFile(target: string, { content, mode, mtime }: TarEntry): void {
  const file = openSync(target, 'wx', 0o600);
  try {
    if (content !== undefined && content.length > 0) writeFileSync(file, content);
    fchmodSync(file, mode & 0o777);
    futimesSync(file, mtime, mtime);
  } finally {
    closeSync(file);
  }
}

function outside(path: string): Failure {
  return new Failure('E0404', 'A path leads through something that is no folder, or out of its tree', { at: path });
}
