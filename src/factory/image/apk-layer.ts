import { digestOf, parseDigest } from '../../core/digest.ts';
import { invariant } from '../../core/invariant.ts';
import { parseDependency } from '../../formats/apk/dependencies.ts';
import { installedRecord } from '../../formats/apk/installed-database.ts';
import { type ApkPackage, readPackage } from '../../formats/apk/read-package.ts';
import { mediaTypes } from '../../formats/oci/media-types.ts';
import { factsOfLayer } from '../../formats/oci/read-layer.ts';
import type { TarEntry } from '../../formats/tar/entry.ts';
import type { PackageLayer, PackageLayerDeps, PackageRef } from './package-layer.ts';

/**
 * The data member of an apk is an ordinary gzipped tar, so it is the layer as it stands: nothing is packed again, the
 * blob's digest is the `datahash` that the package's signature covers, and the same package is the same layer in every
 * image.
 */
export async function apkLayer(
  ref: PackageRef,
  bytes: Uint8Array,
  { blobs }: Pick<PackageLayerDeps, 'blobs'>,
): Promise<PackageLayer> {
  const apk = opened(ref, bytes);
  const { info } = apk;
  const diffId = digestOf(apk.data.content);
  // Already checked against the bytes when the package was read.
  const digest = parseDigest(`sha256:${info.dataHash}`);
  invariant(digest !== undefined, 'a package that was read has a data hash');
  const { compressed } = apk.data;
  invariant((await blobs.put(compressed)) === digest, 'a layer is stored under its own digest');
  return {
    package: ref.digest,
    name: info.name,
    version: info.version,
    architecture: info.architecture,
    builtAt: info.builtAt,
    replaces: info.replaces.map((text) => parseDependency(text).name),
    layer: { mediaType: mediaTypes.layerGzip, digest, sizeBytes: compressed.length, diffId },
    facts: factsOfLayer(diffId, apk.files),
    record: installedRecord(info, { identity: apk.identity, sizeBytes: bytes.length, entries: apk.files }),
    accounts: { passwd: textOf(apk, 'etc/passwd'), group: textOf(apk, 'etc/group') },
    own: { format: 'apk', info },
  };
}

export function apkFiles(ref: PackageRef, bytes: Uint8Array): readonly TarEntry[] {
  return opened(ref, bytes).files;
}

function opened({ name, version }: PackageRef, bytes: Uint8Array): ApkPackage {
  return readPackage(bytes, { archive: `${name}-${version}.apk` });
}

function textOf(apk: ApkPackage, path: string): string {
  const content = apk.files.find((file) => file.path === path)?.content;
  return content === undefined ? '' : new TextDecoder().decode(content);
}
