import { digestOf } from '../../core/digest.ts';
import { gzip } from '../../formats/gzip/gzip.ts';
import { mediaTypes } from '../../formats/oci/media-types.ts';
import { factsOfLayer } from '../../formats/oci/read-layer.ts';
import { writeTar } from '../../formats/tar/write-tar.ts';
import type { LayerFacts } from '../../formats/oci/read-layer.ts';
import type { TarEntry } from '../../formats/tar/entry.ts';
import type { BlobStore } from '../deps.ts';
import type { BlobRef, LayerRef } from './image.ts';

/** Packs entries, in their order, as a gzipped layer and stores it. */
export async function storeLayer(
  entries: readonly TarEntry[],
  blobs: Pick<BlobStore, 'put'>,
): Promise<{ readonly layer: LayerRef; readonly facts: LayerFacts }> {
  const tar = writeTar(entries);
  const diffId = digestOf(tar);
  const layer = await store(gzip(tar), mediaTypes.layerGzip, blobs);
  return { layer: { ...layer, diffId }, facts: factsOfLayer(diffId, entries) };
}

/** Stores a blob and says where it is. */
export async function store(bytes: Uint8Array, mediaType: string, blobs: Pick<BlobStore, 'put'>): Promise<BlobRef> {
  return { mediaType, digest: await blobs.put(bytes), sizeBytes: bytes.length };
}
