import { inWalkOrder } from '../../formats/apk/package-tree.ts';
import { filesOfPackage } from './package-layer.ts';
import { storeLayer } from './store-layer.ts';
import type { LayerEvidence } from '../../formats/inventory/layer-evidence.ts';
import type { TarEntry } from '../../formats/tar/entry.ts';
import type { LayerRef } from './image.ts';
import type { PackageLayer, PackageLayerDeps } from './package-layer.ts';

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
  deps: Pick<PackageLayerDeps, 'blobs' | 'openDeb'>,
): Promise<readonly GroupedLayer[]> {
  const shared = packages.length <= PACKAGE_LAYERS_MAX ? new Set<PackageLayer>() : smallest(packages);
  const single = packages.filter((one) => !shared.has(one)).map(singleLayer);
  return shared.size === 0
    ? single
    : [
        await sharedLayer(
          packages.filter((one) => shared.has(one)),
          deps,
        ),
        ...single,
      ];
}

function smallest(packages: readonly PackageLayer[]): ReadonlySet<PackageLayer> {
  const bySize = packages
    .filter((one) => one.replaces.length === 0)
    .toSorted((a, b) => a.layer.sizeBytes - b.layer.sizeBytes || (a.name < b.name ? -1 : 1));
  return new Set(bySize.slice(0, packages.length - PACKAGE_LAYERS_MAX + 1));
}

function singleLayer({ layer, facts, name, version }: PackageLayer): GroupedLayer {
  return { layer, evidence: facts.evidence, name: `${name} ${version}` };
}

async function sharedLayer(
  packages: readonly PackageLayer[],
  deps: Pick<PackageLayerDeps, 'blobs' | 'openDeb'>,
): Promise<GroupedLayer> {
  const tree = new Map<string, TarEntry>();
  for (const each of packages) for (const file of await filesOfPackage(each, deps)) tree.set(file.path, file);
  const { layer, facts } = await storeLayer([...tree.values()].toSorted(inWalkOrder), deps.blobs);
  return { layer, evidence: facts.evidence, name: `${packages.length} packages` };
}
