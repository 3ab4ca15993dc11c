import type { Recipe } from '../../core/catalog/catalog.ts';
import type { Digest } from '../../core/digest.ts';
import type { Architecture, PackageRelations, UpstreamDelta } from '../../core/fact.ts';

/** What a build makes: a package in the blob store, with how it came about. */
export interface BuiltPackage {
  readonly name: string;
  /** With revision: `1.0.1-r0`, `1.0.1-1suture1`. */
  readonly version: string;
  readonly architecture: Architecture;
  readonly digest: Digest;
  readonly sizeBytes: number;
  /** Digest of upstream's archive, or of the canonical tar of a checked-out tree. */
  readonly sourceDigest: Digest;
  readonly commit: string | null;
  readonly isolation: 'bubblewrap' | 'unshare' | 'none';
  /** Digest of the build root folder's content. */
  readonly rootDigest: Digest;
  /** The Debian packages that the root was made of, a line each; null for roots of another making. */
  readonly rootLock: Digest | null;
  /** Only of debs. */
  readonly relations: PackageRelations | null;
  readonly delta: UpstreamDelta;
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
