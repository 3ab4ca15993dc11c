import { Failure } from '../../core/failure.ts';
import type { LayerFacts } from '../../formats/oci/read-layer.ts';
import type { Cache } from './cache.ts';
import type { BlobRef, Registry } from './image.ts';
import { readImage, type ReadImage } from './read-image.ts';

export interface ReadPulledDeps {
  readonly registry: Pick<Registry, 'resolve' | 'blob'>;
  readonly pulledLayers: Cache<LayerFacts>;
}

/** Reads an image from bytes that a registry sends: manifests by their own address, everything else as blobs. */
export function readPulled(repository: string, image: BlobRef, deps: ReadPulledDeps): Promise<ReadImage> {
  return readImage(image, {
    blob: (ref) =>
      ref.digest === image.digest ? manifestBytes(repository, ref, deps.registry) : deps.registry.blob(repository, ref),
    layerFacts: deps.pulledLayers,
  });
}

async function manifestBytes(
  repository: string,
  ref: BlobRef,
  registry: Pick<Registry, 'resolve'>,
): Promise<Uint8Array> {
  const manifest = await registry.resolve(repository, ref.digest);
  if (manifest !== undefined) return manifest.bytes;
  throw new Failure('E0603', `The registry does not have ${repository}@${ref.digest}, which its own index names`);
}
