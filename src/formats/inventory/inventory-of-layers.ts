import { embeddedFactsPath } from '../apk/embedded-facts.ts';
import { installedDatabasePaths } from '../apk/installed-database.ts';
import { defaultComponent, type PackageDistribution } from './default-component.ts';
import { isDebianDatabase, releasePaths } from './layer-evidence.ts';
import type { Component, Inventory, InventoryPackage } from '../../core/match/inventory.ts';
import type { LayerEvidence } from './layer-evidence.ts';

/**
 * What is inside an image, from the evidence of its layers, bottom first: the package database that the topmost layer
 * left standing, and for each package in it the components that its embedded document names, or else the package itself
 * as one component. Sorted, so that the same layers give the same inventory.
 */
export function inventoryOf(layers: readonly LayerEvidence[]): Inventory {
  const databases = overlaid(layers, (layer) => layer.databases);
  const documents = overlaid(layers, (layer) => layer.documents);
  const distributions = overlaid(layers, (layer) => layer.distributions);
  const packages = firstOf(databases, installedDatabasePaths) ?? debianPackages(databases);
  const format = firstOf(databases, installedDatabasePaths) === undefined ? 'deb' : 'apk';
  const distribution = { format, ...(firstOf(distributions, releasePaths) ?? UNKNOWN[format]) } as const;
  return {
    packages: packages.toSorted(byText((one) => `${one.name}\0${one.version}`)),
    components: packages
      .flatMap((one) => componentsOf(one, documents, distribution))
      .toSorted(byText((component) => [component.package, component.purl, component.edge].join('\0'))),
  };
}

/** Where the image does not say: our own, or Debian without a release. */
const UNKNOWN = { apk: { id: 'suture', release: null }, deb: { id: 'debian', release: null } } as const;

/** From every file of dpkg's that the layers left standing. */
function debianPackages(databases: ReadonlyMap<string, readonly InventoryPackage[]>): readonly InventoryPackage[] {
  return [...databases].filter(([path]) => isDebianDatabase(path)).flatMap(([, packages]) => packages);
}

function componentsOf(
  one: InventoryPackage,
  documents: ReadonlyMap<string, readonly Component[]>,
  distribution: PackageDistribution,
): readonly Component[] {
  const embedded = documents.get(embeddedFactsPath(one.name, one.version)) ?? [];
  if (embedded.length === 0) return [defaultComponent(one, distribution)];
  return embedded.map((component) => ({ ...component, package: one.name }));
}

function overlaid<T>(
  layers: readonly LayerEvidence[],
  pick: (layer: LayerEvidence) => Readonly<Record<string, T>>,
): ReadonlyMap<string, T> {
  const standing = new Map<string, T>();
  for (const layer of layers) {
    for (const path of standing.keys()) {
      if (layer.removed.some((removed) => isTaken(path, removed))) standing.delete(path);
    }
    for (const [path, value] of Object.entries(pick(layer))) standing.set(path, value);
  }
  return standing;
}

function isTaken(path: string, removed: string): boolean {
  return path === removed || path.startsWith(removed === '' || removed.endsWith('/') ? removed : `${removed}/`);
}

function firstOf<T>(values: ReadonlyMap<string, T>, paths: readonly string[]): T | undefined {
  const path = paths.find((candidate) => values.has(candidate));
  return path === undefined ? undefined : values.get(path);
}

function byText<T>(textOf: (value: T) => string): (a: T, b: T) => number {
  return (a, b) => {
    const left = textOf(a);
    const right = textOf(b);
    return left < right ? -1 : left > right ? 1 : 0;
  };
}
