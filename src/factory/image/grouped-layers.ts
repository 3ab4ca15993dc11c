import { inWalkOrder } from '../../formats/apk/package-tree.ts';
import { storedPackage } from './package-layer.ts';
import { storeLayer } from './store-layer.ts';
import type { LayerEvidence } from '../../formats/inventory/layer-evidence.ts';
import type { TarEntry } from '../../formats/tar/entry.ts';
import type { BlobStore } from '../deps.ts';
import type { LayerRef } from './image.ts';
import type { PackageLayer } from './package-layer.ts';

/** One layer of packages and what its history says of it. */
export interface GroupedLayer {
  readonly layer: LayerRef;
  readonly evidence: LayerEvidence;
  readonly name: string;
}

/** Runtimes mount at most 127 layers (containerd's overlay snapshots); one is the top, some are left to users. */
const PACKAGE_LAYERS_MAX = 100;

/**
 * One layer for each package, in their order, while there are few enough; beyond that the smallest share the bottom
 * layer. Packages that replace files of others always stay alone, above.
 */
export async function groupedLayers(
  packages: readonly PackageLayer[],
  blobs: BlobStore,
): Promise<readonly GroupedLayer[]> {
  const shared = packages.length <= PACKAGE_LAYERS_MAX ? new Set<PackageLayer>() : smallest(packages);
  const single = packages.filter((one) => !shared.has(one)).map(singleLayer);
  return shared.size === 0
    ? single
    : [
        await sharedLayer(
          packages.filter((one) => shared.has(one)),
          blobs,
        ),
        ...single,
      ];
}

function smallest(packages: readonly PackageLayer[]): ReadonlySet<PackageLayer> {
  const bySize = packages
    .filter((one) => one.info.replaces.length === 0)
    .toSorted((a, b) => a.layer.sizeBytes - b.layer.sizeBytes || (a.info.name < b.info.name ? -1 : 1));
  return new Set(bySize.slice(0, packages.length - PACKAGE_LAYERS_MAX + 1));
}

function singleLayer({ layer, facts, info }: PackageLayer): GroupedLayer {
  return { layer, evidence: facts.evidence, name: `${info.name} ${info.version}` };
}

async function sharedLayer(packages: readonly PackageLayer[], blobs: BlobStore): Promise<GroupedLayer> {
  const tree = new Map<string, TarEntry>();
  for (const { info, package: digest } of packages) {
    const { apk } = await storedPackage({ name: info.name, version: info.version, digest }, blobs);
    for (const file of apk.files) tree.set(file.path, file);
  }
  const { layer, facts } = await storeLayer([...tree.values()].toSorted(inWalkOrder), blobs);
  return { layer, evidence: facts.evidence, name: `${packages.length} packages` };
}
