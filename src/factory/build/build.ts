import type { Recipe } from '../../core/catalog/catalog.ts';
import type { Digest } from '../../core/digest.ts';
import type { Architecture } from '../../core/fact.ts';

/** What a build makes: an .apk in the blob store, with how it came about. */
export interface BuiltPackage {
  readonly name: string;
  /** With revision: `1.0.1-r0`. */
  readonly version: string;
  readonly architecture: Architecture;
  readonly digest: Digest;
  readonly sizeBytes: number;
  /** Digest of the source archive, canonical tar of the checked-out tree. */
  readonly sourceDigest: Digest;
  readonly commit: string | null;
  readonly isolation: 'bubblewrap' | 'unshare' | 'none';
  /** Digest of the build root folder's content. */
  readonly rootDigest: Digest;
  readonly log: Digest;
  readonly seconds: number;
  /** Unix seconds of the source's commit: the date of every file in the package. */
  readonly sourceEpoch: number;
  readonly testsRun: number;
}

export interface BuildRequest {
  readonly recipe: Recipe;
  readonly architecture: Architecture;
  /** Reads a file of the catalog (a patch) at the commit that is being built. */
  readonly catalogFile: (path: string) => Promise<Uint8Array>;
}

export interface PackageBuilder {
  build(request: BuildRequest): Promise<BuiltPackage>;
}
