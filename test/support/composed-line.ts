import { digestOf, type Digest } from '../../src/core/digest.ts';
import type { Architecture } from '../../src/core/fact.ts';
import type { BlobRef, ComposedImage, ComposedLine } from '../../src/factory/image/image.ts';
import type { BlobStore } from '../../src/factory/deps.ts';
import { inventoryOf } from '../../src/formats/inventory/inventory-of-layers.ts';
import { layerEvidence } from '../../src/formats/inventory/layer-evidence.ts';
import { gzip } from '../../src/formats/gzip/gzip.ts';
import { encodeConfig } from '../../src/formats/oci/image-config.ts';
import { encodeIndex, encodeManifest, platformOf } from '../../src/formats/oci/manifest.ts';
import { mediaTypes } from '../../src/formats/oci/media-types.ts';
import type { TarEntry } from '../../src/formats/tar/entry.ts';
import { writeTar } from '../../src/formats/tar/write-tar.ts';

/** A blob store that forgets everything at the end of the test. */
export function memoryBlobs(): BlobStore {
  const kept = new Map<Digest, Uint8Array>();
  return {
    async put(bytes) {
      const digest = digestOf(bytes);
      kept.set(digest, bytes);
      return digest;
    },
    get: async (digest) => kept.get(digest),
    has: async (digest) => kept.has(digest),
  };
}

/** A real image line with packages in its database, all bytes in `blobs`: two small layers for each architecture. */
export async function composedLine(
  blobs: BlobStore,
  options: {
    readonly architectures?: readonly Architecture[];
    readonly packages?: readonly { readonly name: string; readonly version: string }[];
  } = {},
): Promise<ComposedLine> {
  const architectures = options.architectures ?? ['amd64'];
  const packages = options.packages ?? [{ name: 'hello', version: '1.0.1-r0' }];
  const images: ComposedImage[] = [];
  for (const architecture of architectures) images.push(await composedImage(blobs, architecture, packages));
  const bytes = encodeIndex({
    manifests: images.map((image) => ({ ...image.manifest, platform: platformOf(image.architecture) })),
    annotations: {},
  });
  return { index: await stored(blobs, mediaTypes.index, bytes), images };
}

async function composedImage(
  blobs: BlobStore,
  architecture: Architecture,
  packages: readonly { readonly name: string; readonly version: string }[],
): Promise<ComposedImage> {
  const database = packages.map((one) => record(one.name, one.version, architecture)).join('');
  const trees: readonly (readonly TarEntry[])[] = [
    [file('usr/bin/hello', `#!/bin/sh\necho hello from ${architecture}\n`, 0o755)],
    [file('etc/os-release', 'ID=suture\n', 0o644), file('usr/lib/apk/db/installed', database, 0o644)],
  ];
  const tars = trees.map((tree) => writeTar(tree));
  const layers = [];
  for (const tar of tars) {
    layers.push({ ...(await stored(blobs, mediaTypes.layerGzip, gzip(tar))), diffId: digestOf(tar) });
  }
  const config = encodeConfig({
    created: '2026-08-02T11:00:00Z',
    architecture,
    os: 'linux',
    entrypoint: ['/usr/bin/hello'],
    cmd: [],
    environment: {},
    workDir: '/',
    user: '',
    labels: {},
    exposedPorts: [],
    volumes: [],
    stopSignal: '',
    diffIds: layers.map((layer) => layer.diffId),
    history: [],
  });
  const configRef = await stored(blobs, mediaTypes.config, config);
  const manifest = encodeManifest({ config: configRef, layers, annotations: {} });
  return {
    architecture,
    manifest: await stored(blobs, mediaTypes.manifest, manifest),
    config: configRef,
    layers,
    inventory: inventoryOf(trees.map(layerEvidence)),
  };
}

function record(name: string, version: string, architecture: Architecture): string {
  const own = architecture === 'amd64' ? 'x86_64' : 'aarch64';
  return `C:Q1AAAAAAAAAAAAAAAAAAAAAAAAAAA=\nP:${name}\nV:${version}\nA:${own}\nS:100\nI:200\nT:${name}\nU:\nL:Apache-2.0\no:${name}\n\n`;
}

function file(path: string, text: string, mode: number): TarEntry {
  return { path, kind: 'file', mode, uid: 0, gid: 0, mtime: 0, content: new TextEncoder().encode(text) };
}

async function stored(blobs: BlobStore, mediaType: string, bytes: Uint8Array): Promise<BlobRef> {
  return { mediaType, digest: await blobs.put(bytes), sizeBytes: bytes.length };
}
