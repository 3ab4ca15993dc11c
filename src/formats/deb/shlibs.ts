import type { Dependency } from '../../core/resolve/package-relation.ts';
import { parseDependencies } from './relations.ts';

/** Which package a program must depend on that is linked to a library. */
export interface SharedLibraryOwner {
  /** `libz` and `1` for the soname `libz.so.1`. */
  readonly library: string;
  readonly version: string;
  readonly dependencies: readonly Dependency[];
}

/** Reads a package's `shlibs` file (deb-shlibs(5)): `[type:] library version dependencies ...`; other types are passed over. */
export function parseShlibs(text: string, at: string): readonly SharedLibraryOwner[] {
  return text.split('\n').flatMap((line, index) => {
    const [, type, library, version, dependencies] =
      /^\s*(?:(\w+):\s+)?([^\s:]+)\s+(\S+)\s+(\S.*)$/.exec(line.replace(/#.*$/, '')) ?? [];
    if (library === undefined || version === undefined || dependencies === undefined || type !== undefined) return [];
    return [{ library, version, dependencies: parseDependencies(dependencies, `${at}:${index + 1}`) }];
  });
}

/** Name and version in a soname, in both of its forms (deb-shlibs(5)): `libz.so.1`, `libdb-5.3.so`. */
export function splitSoname(soname: string): { readonly library: string; readonly version: string } | undefined {
  const [, library, version] = /^(.+)\.so\.(.+)$/.exec(soname) ?? /^(.+)-([0-9].*)\.so$/.exec(soname) ?? [];
  return library === undefined || version === undefined ? undefined : { library, version };
}
