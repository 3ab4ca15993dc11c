import { digestOf, parseDigest } from '../../core/digest.ts';
import { Failure } from '../../core/failure.ts';
import { invariant } from '../../core/invariant.ts';
import { installedRecord } from '../../formats/apk/installed-database.ts';
import { readPackage } from '../../formats/apk/read-package.ts';
import { mediaTypes } from '../../formats/oci/media-types.ts';
import { factsOfLayer } from '../../formats/oci/read-layer.ts';
import type { Digest } from '../../core/digest.ts';
import type { ApkPackage } from '../../formats/apk/read-package.ts';
import type { PackageInfo } from '../../formats/apk/package-info.ts';
import type { LayerFacts } from '../../formats/oci/read-layer.ts';
import type { BlobStore } from '../deps.ts';
import type { Cache } from './cache.ts';
import type { LayerRef } from './image.ts';

/** Everything that composing needs to know of a package: a plain value, the same for the same package for ever. */
export interface PackageLayer {
  /** Digest of the .apk. */
  readonly package: Digest;
  readonly layer: LayerRef;
  readonly info: PackageInfo;
  readonly facts: LayerFacts;
  /** Its record in the database of installed packages. */
  readonly record: string;
  /** Text of account files that it brings, to which an image adds its own user. */
  readonly accounts: { readonly passwd: string; readonly group: string };
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
}

/**
 * A package as a layer. The data member of an apk is an ordinary gzipped tar, so it is the layer as it stands: nothing is
 * packed again, the blob's digest is the `datahash` that the package's signature covers, and the same package is the same
 * layer in every image.
 */
export async function packageLayer(ref: PackageRef, deps: PackageLayerDeps): Promise<PackageLayer> {
  const cached = await deps.layerCache.get(ref.digest);
  if (cached !== undefined && (await deps.blobs.has(cached.layer.digest))) return named(ref, cached);
  const { bytes, apk } = await storedPackage(ref, deps.blobs);
  const made = layerOf(ref.digest, bytes, apk);
  invariant(
    (await deps.blobs.put(apk.data.compressed)) === made.layer.digest,
    'a layer is stored under its own digest',
  );
  await deps.layerCache.set(ref.digest, made);
  return named(ref, made);
}

/** The package itself, from the blob store, with its chain checked. */
export async function storedPackage(
  ref: PackageRef,
  blobs: Pick<BlobStore, 'get'>,
): Promise<{ readonly bytes: Uint8Array; readonly apk: ApkPackage }> {
  const bytes = await blobs.get(ref.digest);
  if (bytes === undefined) {
    throw new Failure('E0401', `Package ${ref.name} ${ref.version} is not in the blob store`, {
      at: ref.digest,
      hint: 'raise `epoch` in its recipe: it is built again then',
    });
  }
  return { bytes, apk: readPackage(bytes, { archive: `${ref.name}-${ref.version}.apk` }) };
}

function layerOf(digest: Digest, bytes: Uint8Array, apk: ApkPackage): PackageLayer {
  const diffId = digestOf(apk.data.content);
  // Already checked against the bytes when the package was read.
  const dataDigest = parseDigest(`sha256:${apk.info.dataHash}`);
  invariant(dataDigest !== undefined, 'a package that was read has a data hash');
  const { compressed } = apk.data;
  return {
    package: digest,
    layer: { mediaType: mediaTypes.layerGzip, digest: dataDigest, sizeBytes: compressed.length, diffId },
    info: apk.info,
    facts: factsOfLayer(diffId, apk.files),
    record: installedRecord(apk.info, { identity: apk.identity, sizeBytes: bytes.length, entries: apk.files }),
    accounts: { passwd: textOf(apk, 'etc/passwd'), group: textOf(apk, 'etc/group') },
  };
}

function textOf(apk: ApkPackage, path: string): string {
  const content = apk.files.find((file) => file.path === path)?.content;
  return content === undefined ? '' : new TextDecoder().decode(content);
}

function named(ref: PackageRef, made: PackageLayer): PackageLayer {
  if (made.info.name === ref.name && made.info.version === ref.version) return made;
  const what = `${made.info.name} ${made.info.version}`;
  throw new Failure('E0404', `The package under ${ref.name} ${ref.version} is ${what}`, { at: ref.digest });
}
