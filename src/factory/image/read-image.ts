import { digestOf } from '../../core/digest.ts';
import { Failure } from '../../core/failure.ts';
import { inventoryOf } from '../../formats/inventory/inventory-of-layers.ts';
import { parseConfig } from '../../formats/oci/image-config.ts';
import { parseManifest } from '../../formats/oci/manifest.ts';
import { mergeLayers } from '../../formats/oci/merge-layers.ts';
import { factsOfLayer, readLayer } from '../../formats/oci/read-layer.ts';
import type { ImageFacts } from '../../core/compat/image-facts.ts';
import type { Digest } from '../../core/digest.ts';
import type { Inventory } from '../../core/match/inventory.ts';
import type { ImageConfig } from '../../formats/oci/image-config.ts';
import type { LayerFacts } from '../../formats/oci/read-layer.ts';
import type { Cache } from './cache.ts';
import type { BlobRef } from './image.ts';

export interface ReadImageDeps {
  /** The bytes behind a reference, from a registry, a layout or a store; they are checked here. */
  readonly blob: (ref: BlobRef) => Promise<Uint8Array>;
  /** By layer digest and media type. */
  readonly layerFacts: Cache<LayerFacts>;
}

/** An image as its bytes have it. */
export interface ReadImage {
  readonly manifest: Digest;
  readonly config: ImageConfig;
  readonly facts: ImageFacts;
  readonly inventory: Inventory;
}

/**
 * Reads an image from nothing but bytes: every digest and size is checked, every layer against the digest that the
 * configuration names. Layers whose facts are kept already are not read again. E0301 where something does not match.
 */
export async function readImage(ref: BlobRef, deps: ReadImageDeps): Promise<ReadImage> {
  const manifest = parseManifest(await checkedBlob(ref, deps.blob), ref.digest);
  const config = parseConfig(await checkedBlob(manifest.config, deps.blob), manifest.config.digest);
  const layers: LayerFacts[] = [];
  for (const layer of manifest.layers) layers.push(await layerFacts(layer, deps));
  const diffIds = layers.map((layer) => layer.diffId);
  if (diffIds.join() !== config.diffIds.join()) {
    throw new Failure('E0301', 'The layers are not those that the image configuration names', { at: ref.digest });
  }
  const inventory = inventoryOf(layers.map((layer) => layer.evidence));
  const sizeBytes = manifest.layers.reduce((sum, layer) => sum + layer.sizeBytes, 0);
  const files = new Map(mergeLayers(layers.map((layer) => layer.files)).map((file) => [file.path, file]));
  const { architecture } = config;
  const facts = { architecture, config, files, packages: inventory.packages, accounts: accountsOf(files), sizeBytes };
  return { manifest: ref.digest, config, facts, inventory };
}

function accountsOf(files: ImageFacts['files']): ImageFacts['accounts'] {
  return ['etc/passwd', 'etc/group'].flatMap((path) => files.get(path)?.accounts ?? []);
}

async function layerFacts(ref: BlobRef, deps: ReadImageDeps): Promise<LayerFacts> {
  const key = `${ref.digest} ${ref.mediaType}`;
  const kept = await deps.layerFacts.get(key);
  if (kept !== undefined) return kept;
  const { diffId, entries } = readLayer(await checkedBlob(ref, deps.blob), {
    mediaType: ref.mediaType,
    at: ref.digest,
  });
  const facts = factsOfLayer(diffId, entries);
  await deps.layerFacts.set(key, facts);
  return facts;
}

/** The bytes of a reference, if they are the ones. E0301 otherwise. */
export async function checkedBlob(ref: BlobRef, blob: ReadImageDeps['blob']): Promise<Uint8Array> {
  const bytes = await blob(ref);
  if (bytes.length === ref.sizeBytes && digestOf(bytes) === ref.digest) return bytes;
  throw new Failure('E0301', 'The bytes are not the ones that the digest names', {
    at: ref.digest,
    why: `${bytes.length} bytes with ${digestOf(bytes)}, expected ${ref.sizeBytes}`,
  });
}
