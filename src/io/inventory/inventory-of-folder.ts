import { lstatSync, readdirSync, realpathSync, type Dirent } from 'node:fs';
import { join } from 'node:path';
import { Failure } from '../../core/failure.ts';
import { inventoryOfTree, type TreeInventory } from '../../formats/inventory/inventory-of-tree.ts';
import { evidenceAt, type EvidenceOptions } from '../../formats/inventory/layer-evidence.ts';
import type { TreeEntry } from '../../formats/inventory/tree-entry.ts';
import { openBytes } from './open-bytes.ts';
import { isErrno } from './errno.ts';

/**
 * What is inside a folder: a project, a root, an unpacked image. Links are not followed, and other file systems mounted below
 * are not entered (they are named as unread, `/proc` of a machine among them). E0902 where there is no such folder, E0205 beyond
 * two million files.
 */
export function inventoryOfFolder(folder: string, options: EvidenceOptions = {}): TreeInventory {
  const walk = new Walk(folder);
  const { inventory, unread } = inventoryOfTree(walk.entries(), options);
  return { inventory, unread: [...unread, ...walk.unread].toSorted() };
}

const ENTRIES_MAX = 2_000_000;
/** Deeper than any tree that a build makes; paths of Linux end at 4096 bytes. */
const DEPTH_MAX = 500;

class Walk {
  readonly unread: string[] = [];
  readonly #root: string;
  readonly #device: number;
  #count = 0;

  constructor(folder: string) {
    try {
      this.#root = realpathSync(folder);
      const stat = lstatSync(this.#root);
      if (!stat.isDirectory()) throw new Failure('E0902', `${folder} is no folder`, { at: folder });
      this.#device = stat.dev;
    } catch (cause) {
      if (!isErrno(cause)) throw cause;
      throw new Failure('E0902', `The folder ${folder} cannot be opened`, { at: folder, cause });
    }
  }

  *entries(path = '', depth = 0): Generator<TreeEntry> {
    if (depth > DEPTH_MAX) {
      this.unread.push(path);
      return;
    }
    for (const one of this.#list(path)) {
      this.#count += 1;
      if (this.#count > ENTRIES_MAX) {
        throw new Failure('E0205', `${this.#root} holds more than ${ENTRIES_MAX} files`, { at: this.#root });
      }
      const at = path === '' ? one.name : `${path}/${one.name}`;
      if (one.kind === 'directory') {
        if (this.#isHere(at)) yield* this.entries(at, depth + 1);
      } else if (one.kind === 'file' && evidenceAt(at) !== undefined) yield* this.#file(at);
    }
  }

  #list(path: string): readonly Listed[] {
    try {
      return readdirSync(join(this.#root, path), { withFileTypes: true })
        .map((one) => ({ name: one.name, kind: kindOf(one) }))
        .sort((a, b) => (a.name < b.name ? -1 : 1));
    } catch (error) {
      if (!isErrno(error)) throw error;
      this.unread.push(path);
      return [];
    }
  }

  #isHere(path: string): boolean {
    const isSame = lstatSync(join(this.#root, path), { throwIfNoEntry: false })?.dev === this.#device;
    if (!isSame) this.unread.push(path);
    return isSame;
  }

  *#file(path: string): Generator<TreeEntry> {
    const bytes = openBytes(join(this.#root, path));
    if (bytes === undefined) {
      this.unread.push(path);
      return;
    }
    try {
      yield { path, kind: 'file', bytes };
    } finally {
      bytes.close();
    }
  }
}

interface Listed {
  readonly name: string;
  readonly kind: 'file' | 'directory' | 'other';
}

function kindOf(entry: Dirent): Listed['kind'] {
  if (entry.isDirectory()) return 'directory';
  return entry.isFile() ? 'file' : 'other';
}
