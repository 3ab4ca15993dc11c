import { invariant } from '../../core/invariant.ts';
import { encodeIndex, platformOf } from '../../formats/oci/manifest.ts';
import { mediaTypes } from '../../formats/oci/media-types.ts';
import { store } from './store-layer.ts';
import type { BlobStore } from '../deps.ts';
import type { ComposedImage, ComposedLine } from './image.ts';

/** What a tag points at: the images of a line under one index, in the order of architectures. The index is stored. */
export async function composeIndex(
  images: readonly ComposedImage[],
  deps: { readonly blobs: Pick<BlobStore, 'put'> },
  annotations: Readonly<Record<string, string>> = {},
): Promise<ComposedLine> {
  invariant(images.length > 0, 'a line has at least one image');
  const ordered = images.toSorted((a, b) => (a.architecture < b.architecture ? -1 : 1));
  const manifests = ordered.map((image) => ({ ...image.manifest, platform: platformOf(image.architecture) }));
  const index = await store(encodeIndex({ manifests, annotations }), mediaTypes.index, deps.blobs);
  return { index, images: ordered };
}
