import type { PackageFormat } from '../../core/catalog/catalog.ts';
import type { Digest } from '../../core/digest.ts';
import { Failure } from '../../core/failure.ts';
import type { PackageInfo } from '../../formats/apk/package-info.ts';
import type { MaintainerWork } from '../../formats/deb/maintainer-work.ts';
import type { LayerFacts } from '../../formats/oci/read-layer.ts';
import type { TarEntry } from '../../formats/tar/entry.ts';
import type { BlobStore } from '../deps.ts';
import type { DebReader } from '../suites.ts';
import { apkFiles, apkLayer } from './apk-layer.ts';
import type { Cache } from './cache.ts';
import { debFiles, debLayer } from './deb-layer.ts';
import type { LayerRef } from './image.ts';

/** Everything that composing needs to know of a package: a plain value, the same for the same package for ever. */
export interface PackageLayer {
  /** Digest of the package's file. */
  readonly package: Digest;
  readonly name: string;
  /** With revision. */
  readonly version: string;
  /** As its format calls it: `x86_64`, `amd64`, `noarch`, `all`. */
  readonly architecture: string;
  /** Unix seconds: when it was built, as it says itself. */
  readonly builtAt: number;
  /** Names of packages whose files it may take over. */
  readonly replaces: readonly string[];
  readonly layer: LayerRef;
  readonly facts: LayerFacts;
  /** Its record in the database of installed packages. */
  readonly record: string;
  /** Text of account files that it brings, to which an image adds its own user. */
  readonly accounts: { readonly passwd: string; readonly group: string };
  /** What only one format says. */
  readonly own:
    | { readonly format: 'apk'; readonly info: PackageInfo }
    | { readonly format: 'deb'; readonly work: MaintainerWork };
}

export interface PackageRef {
  readonly name: string;
  /** With revision: `1.0.1-r0`. */
  readonly version: string;
  readonly digest: Digest;
}

export interface PackageLayerDeps {
  readonly blobs: BlobStore;
  /** By package digest. */
  readonly layerCache: Cache<PackageLayer>;
  readonly openDeb: DebReader;
}

/** A package as a layer; made once for each package, from its bytes in the blob store. */
export async function packageLayer(
  ref: PackageRef,
  format: PackageFormat,
  deps: PackageLayerDeps,
): Promise<PackageLayer> {
  const cached = await deps.layerCache.get(ref.digest);
  if (cached !== undefined && (await deps.blobs.has(cached.layer.digest))) return named(ref, cached);
  const bytes = await storedPackage(ref, deps.blobs);
  const made = format === 'apk' ? await apkLayer(ref, bytes, deps) : await debLayer(ref, bytes, deps);
  await deps.layerCache.set(ref.digest, made);
  return named(ref, made);
}

/** The files of a package as they lie in a layer. */
export async function filesOfPackage(
  { package: digest, name, version, own }: PackageLayer,
  deps: Pick<PackageLayerDeps, 'blobs' | 'openDeb'>,
): Promise<readonly TarEntry[]> {
  const ref = { name, version, digest };
  const bytes = await storedPackage(ref, deps.blobs);
  return own.format === 'apk' ? apkFiles(ref, bytes) : debFiles(ref, bytes, deps);
}

async function storedPackage(ref: PackageRef, blobs: Pick<BlobStore, 'get'>): Promise<Uint8Array> {
  const bytes = await blobs.get(ref.digest);
  if (bytes !== undefined) return bytes;
  throw new Failure('E0401', `Package ${ref.name} ${ref.version} is not in the blob store`, {
    at: ref.digest,
    hint: 'raise `epoch` in its recipe: it is built again then',
  });
}

function named(ref: PackageRef, made: PackageLayer): PackageLayer {
  if (made.name === ref.name && made.version === ref.version) return made;
  const what = `${made.name} ${made.version}`;
  throw new Failure('E0404', `The package under ${ref.name} ${ref.version} is ${what}`, { at: ref.digest });
}
