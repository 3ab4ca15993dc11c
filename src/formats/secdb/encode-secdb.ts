/** A package with, by the version that fixed them, the vulnerabilities; version `0`: never affected. */
export interface SecdbPackage {
  readonly name: string;
  readonly secfixes: ReadonlyMap<string, readonly string[]>;
}

/**
 * The form in which distributions of apk packages tell scanners what they have fixed (secdb.alpinelinux.org). It has no
 * words for what is not fixed yet.
 */
export function secdbOf(
  packages: readonly SecdbPackage[],
  from: { readonly reponame: string; readonly urlprefix: string; readonly archs: readonly string[] },
) {
  return {
    apkurl: '{{urlprefix}}/{{reponame}}/{{arch}}/{{pkg.name}}-{{pkg.ver}}.apk',
    archs: from.archs,
    reponame: from.reponame,
    urlprefix: from.urlprefix,
    packages: packages
      .toSorted((a, b) => (a.name < b.name ? -1 : 1))
      .map(({ name, secfixes }) => ({
        pkg: { name, secfixes: Object.fromEntries([...secfixes].toSorted(([a], [b]) => (a < b ? -1 : 1))) },
      })),
  };
}
