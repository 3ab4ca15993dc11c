import { inventoryOf } from '../../formats/inventory/inventory-of-layers.ts';
import { evidenceCollector, type EvidenceOptions, type LayerEvidence } from '../../formats/inventory/layer-evidence.ts';
import { layerOfComponent } from '../../formats/inventory/layer-of-component.ts';
import { layerMembers } from '../../formats/inventory/layer-members.ts';
import { imageAtRest, type ImageChoice } from './image-at-rest.ts';
import { imageFiles, type ImageFile } from './image-files.ts';
import { layerChunks } from './layer-chunks.ts';
import type { Component } from '../../core/match/inventory.ts';
import type { TreeInventory } from '../../formats/inventory/inventory-of-tree.ts';

export interface ImageInventory extends TreeInventory {
  /** Tag, or what its archive calls it; null where it has no name. */
  readonly name: string | null;
  /** Of its manifest, null where the form has none. */
  readonly digest: string | null;
  /** Which layer brought a component of it. */
  readonly layerOf: (component: Component) => ImageLayer | null;
}

export interface ImageLayer {
  /** From the bottom, which is 0. */
  readonly index: number;
  /** Of its bytes as they are packed; null where the form has none. */
  readonly digest: string | null;
}

/**
 * What is inside an image at rest: a folder or tar with an OCI image layout, an archive of `docker save`, or the tar of a root as
 * `docker export` makes it. Layers are read as they stream by. E0902 where it is not there or several images are and none
 * was chosen, E0404 and E0301 where it is damaged.
 */
export async function inventoryOfImage(
  path: string,
  { linked = false, ...choice }: ImageChoice & EvidenceOptions = {},
): Promise<ImageInventory> {
  const image = imageAtRest(imageFiles(path), choice);
  const layers: LayerEvidence[] = [];
  for (const layer of image.layers) layers.push(await evidenceOf(layer.file, { digest: layer.digest, linked }));
  const unread = [...new Set(layers.flatMap((layer) => layer.unread))].toSorted();
  const indexOf = layerOfComponent(layers);
  return {
    inventory: inventoryOf(layers),
    unread,
    name: image.name,
    digest: image.digest,
    layerOf: (component) => {
      const index = indexOf(component);
      return index === undefined ? null : { index, digest: image.layers[index]?.digest ?? null };
    },
  };
}

async function evidenceOf(
  file: ImageFile,
  { digest, linked }: { readonly digest: string | null; readonly linked: boolean },
): Promise<LayerEvidence> {
  const at = digest ?? file.path;
  const collector = evidenceCollector({ linked });
  for await (const entry of layerMembers(layerChunks(file, { digest, at }), at)) collector.add(entry);
  return collector.evidence();
}
