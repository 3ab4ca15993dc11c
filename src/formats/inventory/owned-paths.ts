import { evidenceKindOf } from './evidence-files.ts';
import type { InstalledRpm } from '../rpm/installed-database.ts';
import type { InstalledPackage } from '../apk/installed-database.ts';

/**
 * Which files belong to which package of the distribution, as one list says it: paths by package, one a line, and only paths
 * where a component may be found, since thousands of others would be kept for nothing.
 */
export type OwnedPaths = Readonly<Record<string, string>>;

export function ownedByApks(packages: readonly InstalledPackage[]): OwnedPaths {
  return Object.fromEntries(
    packages.flatMap(({ name, files }) => {
      const paths = files.filter((file) => file.kind === 'file').map((file) => file.path);
      return entryOf(name, paths);
    }),
  );
}

/** Several versions of one package may be installed beside each other, as kernels are. */
export function ownedByRpms(packages: readonly InstalledRpm[]): OwnedPaths {
  const byName = Map.groupBy(packages, ({ name }) => name);
  return Object.fromEntries(
    [...byName].flatMap(([name, some]) =>
      entryOf(
        name,
        some.flatMap(({ files }) => files),
      ),
    ),
  );
}

/** A file `NAME.list` of dpkg's: one absolute path a line, folders too (dpkg-query(1), `--listfiles`). */
export function ownedByList(content: Uint8Array, packageName: string): OwnedPaths {
  return Object.fromEntries(
    entryOf(
      packageName,
      linesOf(content).map((line) => line.replace(/^\//, '')),
    ),
  );
}

/** A file `NAME.md5sums`: what images without dpkg keep instead of the list. */
export function ownedBySums(content: Uint8Array, packageName: string): OwnedPaths {
  const paths = linesOf(content).flatMap((line) => /^[0-9a-f]{32} [ *](.+)$/.exec(line)?.[1] ?? []);
  return Object.fromEntries(entryOf(packageName, paths));
}

/**
 * By path, in the form with merged /usr: a distribution may list `/bin/x` for what lies at `usr/bin/x`. The first of
 * several owners, in the order of names, so that equal trees give equal answers.
 */
export function ownersByPath(lists: readonly OwnedPaths[]): ReadonlyMap<string, string> {
  const owners = new Map<string, string>();
  for (const [name, paths] of lists.flatMap((list) => Object.entries(list))) {
    for (const path of paths.split('\n')) {
      const merged = mergedPath(path);
      const there = owners.get(merged);
      if (there === undefined || name < there) owners.set(merged, name);
    }
  }
  return owners;
}

export function mergedPath(path: string): string {
  return /^(?:bin|sbin|lib|lib32|lib64|libx32)\//.test(path) ? `usr/${path}` : path;
}

const LIST_BYTES_MAX = 32 * 2 ** 20;

function linesOf(content: Uint8Array): readonly string[] {
  return Buffer.from(content.buffer, content.byteOffset, Math.min(content.length, LIST_BYTES_MAX))
    .toString()
    .split('\n');
}

function entryOf(name: string, paths: readonly string[]): readonly (readonly [string, string])[] {
  const bearing = paths.filter((path) => path !== '' && evidenceKindOf(path) !== undefined);
  return bearing.length === 0 ? [] : [[name, bearing.join('\n')]];
}
