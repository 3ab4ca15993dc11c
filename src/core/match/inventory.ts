import type { VersionScheme } from './advisory.ts';

/** What is inside, read from bytes: the same for the same layer for ever. */
export interface Inventory {
  readonly packages: readonly InventoryPackage[];
  readonly components: readonly Component[];
}

export interface InventoryPackage {
  readonly name: string;
  /** With revision: `1.0.1-r0`. */
  readonly version: string;
  readonly architecture: string;
  /** The recipe or source package that it comes from. */
  readonly origin: string;
  /** Of the source package, where it is another than the package's own. */
  readonly originVersion?: string;
  readonly license: string;
}

/** A thing inside a package, named by purl; whose release can fix it is its `upstream` and `stream`. */
export interface Component {
  readonly purl: string;
  readonly version: string;
  readonly scheme: VersionScheme;
  /** Purl without version and qualifiers; the key that advisories match. */
  readonly upstream: string;
  /** The maintained branch it belongs to (`1.25`, `3.0`). */
  readonly stream: string;
  readonly edge: 'is' | 'contains' | 'static' | 'header' | 'compiled-by';
  /** Name of the package that brings it. */
  readonly package: string;
  /** Vulnerabilities that a patch of ours removes from it. */
  readonly patched: readonly string[];
  /** Name of the installed package that the file belongs to in which it was found: whose distribution may answer for it. */
  readonly ownedBy?: string;
  /** Path of the file that tells of it, `app.war!/WEB-INF/lib/x.jar` for one in an archive. */
  readonly location?: string;
  /** Other purls without version under which advisories may speak of it: a subpackage's own name beside its origin. */
  readonly alsoNamed?: readonly string[];
  /** The version is a source package's, read from a file name, which never has an epoch (rpm). */
  readonly isEpochUnknown?: true;
  /** What of it was found in a program; absent: nobody looked. */
  readonly linked?: LinkedCode;
}

export interface LinkedCode {
  /** Import paths. */
  readonly packages: readonly string[];
  /** `path.Function` and `path.Type.Method`; null where the program does not tell. */
  readonly symbols: readonly string[] | null;
}
