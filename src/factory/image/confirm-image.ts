import type { Line } from '../../core/catalog/catalog.ts';
import type { Digest } from '../../core/digest.ts';
import type { Architecture, ImagePublished } from '../../core/fact.ts';
import type { Inventory } from '../../core/match/inventory.ts';
import { encodeInventory } from '../../core/match/inventory-json.ts';
import { parseManifestShape } from '../../formats/oci/manifest-shape.ts';
import type { LayerFacts } from '../../formats/oci/read-layer.ts';
import type { BlobStore } from '../deps.ts';
import type { Cache } from './cache.ts';
import type { Registry } from './image.ts';
import { readPulled } from './read-pulled.ts';

export interface ConfirmRequest {
  readonly line: Pick<Line, 'line' | 'repository' | 'tag' | 'architectures'>;
  readonly published: Pick<ImagePublished, 'digest' | 'manifests'>;
}

export interface ConfirmDeps {
  readonly registry: Pick<Registry, 'resolve' | 'blob'>;
  /** Layers that this run has pulled and read; nothing else may fill it, or bytes would pass that nobody pulled. */
  readonly pulledLayers: Cache<LayerFacts>;
  readonly blobs: Pick<BlobStore, 'put'>;
}

export interface ConfirmedImage {
  readonly architecture: Architecture;
  readonly digest: Digest;
  /** `Date` of the answer by public tag; the pull lies within the second that follows. */
  readonly registryDate: Temporal.Instant;
  readonly inventory: Inventory;
  /** The inventory's JSON in the blob store: what `image-confirmed` names. */
  readonly inventoryDigest: Digest;
  /** The registry's whole answer in the blob store: by it anybody sees the `Date`. */
  readonly answerDigest: Digest;
}

/** `different`: the public tag leads elsewhere, or is not there (`found` null). */
export type Confirmation =
  | { readonly kind: 'confirmed'; readonly digest: Digest; readonly images: readonly ConfirmedImage[] }
  | { readonly kind: 'different'; readonly expected: Digest; readonly found: Digest | null; readonly why: string };

/**
 * Pulls a line back as anybody would, by its public tag, and reads what is inside from the pulled bytes alone. Bytes
 * that do not match their digests are a Failure (E0603, E0301): the registry cannot be believed then.
 */
export async function confirmImage(request: ConfirmRequest, deps: ConfirmDeps): Promise<Confirmation> {
  const { line, published } = request;
  const pulled = await deps.registry.resolve(line.repository, line.tag);
  if (pulled?.digest !== published.digest) {
    const why = pulled === undefined ? 'the tag is not there' : 'the tag leads to another digest';
    return {
      kind: 'different',
      expected: published.digest,
      found: pulled?.digest ?? null,
      why: `${line.line}: ${why}`,
    };
  }
  const shape = parseManifestShape(pulled.bytes);
  const images: ConfirmedImage[] = [];
  for (const architecture of line.architectures) {
    const expected = published.manifests[architecture];
    const entry = shape.manifests.find((one) => one.digest === expected && one.platform?.architecture === architecture);
    const alone = shape.kind === 'image' && expected === pulled.digest;
    const ref = alone ? { ...pulled, sizeBytes: pulled.bytes.length } : entry;
    if (ref === undefined) {
      const why = `${line.line}: ${architecture} is not among what the tag leads to`;
      return { kind: 'different', expected: published.digest, found: pulled.digest, why };
    }
    const { inventory, config } = await readPulled(line.repository, ref, deps);
    if (config.architecture !== architecture) {
      const why = `${line.line}: the image for ${architecture} says that it is for ${config.architecture}`;
      return { kind: 'different', expected: published.digest, found: pulled.digest, why };
    }
    const inventoryDigest = await deps.blobs.put(encodeInventory(inventory));
    const answerDigest = await deps.blobs.put(pulled.answer);
    const { digest } = ref;
    images.push({ architecture, digest, registryDate: pulled.date, inventory, inventoryDigest, answerDigest });
  }
  return { kind: 'confirmed', digest: pulled.digest, images };
}
