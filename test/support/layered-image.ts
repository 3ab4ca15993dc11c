import { gzipSync } from 'node:zlib';
import { digestOf, type Digest } from '../../src/core/digest.ts';
import { mediaTypes } from '../../src/formats/oci/media-types.ts';
import { writeTar } from '../../src/formats/tar/write-tar.ts';
import { writeIn } from './scan-place.ts';

export interface LayeredImage {
  readonly manifest: Buffer;
  /** Config first. */
  readonly blobs: readonly Uint8Array[];
  readonly layers: readonly Digest[];
}

/** An OCI image of files by path, one layer for each record, bottom first. */
export function layeredImage(layers: readonly Readonly<Record<string, string | Uint8Array>>[]): LayeredImage {
  const tars = layers.map((files) =>
    gzipSync(
      writeTar(
        Object.entries(files).map(([path, content]) => {
          return { path, kind: 'file', mode: 0o644, uid: 0, gid: 0, mtime: 0, content: Buffer.from(content) };
        }),
      ),
    ),
  );
  const config = Buffer.from('{}');
  const named = (mediaType: string, bytes: Uint8Array) => ({ mediaType, digest: digestOf(bytes), size: bytes.length });
  const manifest = {
    schemaVersion: 2,
    mediaType: mediaTypes.manifest,
    config: named('application/vnd.oci.image.config.v1+json', config),
    layers: tars.map((bytes) => named(mediaTypes.layerGzip, bytes)),
  };
  return { manifest: Buffer.from(JSON.stringify(manifest)), blobs: [config, ...tars], layers: tars.map(digestOf) };
}

/** The same as an image layout in a folder. */
export function writeLayout(folder: string, name: string, { manifest, blobs }: LayeredImage): void {
  for (const bytes of [...blobs, manifest]) {
    writeIn(folder, `${name}/blobs/${digestOf(bytes).replace(':', '/')}`, bytes);
  }
  const manifests = [{ mediaType: mediaTypes.manifest, digest: digestOf(manifest), size: manifest.length }];
  writeIn(folder, `${name}/index.json`, JSON.stringify({ schemaVersion: 2, manifests }));
  writeIn(folder, `${name}/oci-layout`, '{"imageLayoutVersion":"1.0.0"}');
}
