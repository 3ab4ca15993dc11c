import type { Dependency, PackageRelation } from './package-relation.ts';

/** A binary package that can be had: from an index of a suite, or built by us. */
export interface AvailablePackage {
  readonly name: string;
  /** With epoch and revision: `1:1.2.13.dfsg-1`. */
  readonly version: string;
  /** As Debian calls it: `amd64`, `arm64`, `all`. */
  readonly architecture: string;
  readonly multiArch: 'same' | 'foreign' | 'allowed' | null;
  /** The source package it was built from, with that one's version, which may differ from its own. */
  readonly source: { readonly name: string; readonly version: string };
  readonly essential: boolean;
  /** `required`, `important`, `standard`, `optional`, `extra`. */
  readonly priority: string;
  /** Pre-Depends and Depends: each must be met. */
  readonly dependencies: readonly Dependency[];
  /** Conflicts and Breaks: none may be there. */
  readonly conflicts: readonly PackageRelation[];
  /** Names that it also answers to; without a version only for relations that ask for none. */
  readonly provides: readonly { readonly name: string; readonly version: string | null }[];
  /** Packages whose files it may take over (Policy 7.6). */
  readonly replaces: readonly PackageRelation[];
  /** Suite whose index offers it (`bookworm-security`); `own` for what is built here. */
  readonly suite: string;
  /** Of the .deb: path in the archive, size and SHA-256 in hex. */
  readonly file: { readonly path: string; readonly sizeBytes: number; readonly sha256: string };
}

/** Everything there is to choose from. */
export interface PackagePool {
  /** Packages of this name, the preferred one first: own ones, then the newest version, then the earlier suite. */
  named(name: string): readonly AvailablePackage[];
  /** Packages that say they provide this name, in an order that is always the same. */
  providing(name: string): readonly AvailablePackage[];
}
