import { Failure } from '../../core/failure.ts';
import type { AvailablePackage } from '../../core/resolve/available-package.ts';
import { meetsRelation } from '../../core/resolve/meets-relation.ts';
import type { TarEntry } from '../tar/entry.ts';

/** What becomes of an entry: it is written, written in place of another package's, or left for that of another package. */
export type Claim = 'written' | 'in-place' | 'left';

/**
 * Whose file lies at each path while packages are unpacked one after the other. By dpkg's rules (Debian Policy 7.6.1):
 * folders belong to all, the first one's counts; of two files that of the package which replaces the other counts, in
 * whatever order they come, and the later one of two that replace each other.
 */
export class PathOwners {
  readonly #owned = new Map<string, { readonly isFolder: boolean; readonly by: AvailablePackage }>();

  has(path: string): boolean {
    return this.#owned.has(path);
  }

  /** E0401 naming both packages, where dpkg would refuse the second. */
  claim({ path, kind }: Pick<TarEntry, 'path' | 'kind'>, by: AvailablePackage): Claim {
    const isFolder = kind === 'directory';
    const before = this.#owned.get(path);
    if (before === undefined || (!before.isFolder && !isFolder && replaces(by, before.by))) {
      this.#owned.set(path, { isFolder, by });
      return before === undefined ? 'written' : 'in-place';
    }
    if (before.isFolder === isFolder && (isFolder || replaces(before.by, by))) return 'left';
    const [one, other] = [before.by.name, by.name].toSorted();
    throw new Failure('E0401', `Packages ${one} and ${other} cannot be in one root: both bring /${path}`);
  }
}

/** By its own name: one that a package only provides does not count here (dpkg, `does_replace`). */
function replaces(by: AvailablePackage, other: AvailablePackage): boolean {
  return by.replaces.some((relation) => meetsRelation({ ...other, provides: [] }, relation, other.architecture));
}
