import type { Dependency } from '../../core/resolve/package-relation.ts';
import { readElfNeeds } from '../elf/needed.ts';
import { sharedLibrary } from '../elf/shared-library.ts';
import type { TarEntry } from '../tar/entry.ts';
import { type SharedLibraryOwner, splitSoname } from './shlibs.ts';

export interface LibraryDependencies {
  /** One for each library's package, sorted, each once. */
  readonly dependencies: readonly Dependency[];
  /** Sonames that programs are linked to and nobody answers to. */
  readonly unknown: readonly string[];
}

/**
 * What a package's programs and libraries must find when they run: the packages of the libraries that they are linked to
 * (DT_NEEDED), as those packages ask for. Libraries that the package brings itself count as found.
 */
export function libraryDependencies(
  files: readonly TarEntry[],
  owners: readonly SharedLibraryOwner[],
): LibraryDependencies {
  const own = new Set(
    files.flatMap(({ content }) => (content === undefined ? [] : (sharedLibrary(content)?.soname ?? []))),
  );
  const dependencies = new Map<string, Dependency>();
  const unknown = new Set<string>();
  for (const soname of neededBy(files)) {
    if (own.has(soname)) continue;
    const name = splitSoname(soname);
    const owner = owners.find(({ library, version }) => library === name?.library && version === name.version);
    if (owner === undefined) unknown.add(soname);
    for (const each of owner?.dependencies ?? []) dependencies.set(JSON.stringify(each), each);
  }
  return {
    dependencies: [...dependencies].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([, each]) => each),
    unknown: [...unknown].toSorted(),
  };
}

function neededBy(files: readonly TarEntry[]): ReadonlySet<string> {
  const needed = new Set<string>();
  for (const { path, content } of files) {
    if (content === undefined) continue;
    for (const soname of readElfNeeds(content, path)?.needed ?? []) needed.add(soname);
  }
  return needed;
}
