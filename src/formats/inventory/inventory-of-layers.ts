import { embeddedFactsPath } from '../apk/embedded-facts.ts';
import { installedDatabasePaths } from '../apk/installed-database.ts';
import { defaultComponent, type PackageDistribution } from './default-component.ts';
import { releasePaths } from './distribution.ts';
import { isDebianDatabase, type LayerEvidence } from './layer-evidence.ts';
import { looseComponents } from './loose-components.ts';
import { installedRpmComponent } from '../rpm/rpm-component.ts';
import { rpmDatabasePaths } from './rpm-database.ts';
import { standingEvidence, type Placed, type StandingEvidence } from './standing-evidence.ts';
import type { Component, Inventory, InventoryPackage } from '../../core/match/inventory.ts';

/**
 * What is inside an image, from the evidence of its layers, bottom first: the package database that the topmost layer
 * left standing, for each package in it the components that its embedded document names, or else the package itself
 * as one component, and what programs and installed libraries tell of themselves. Sorted, so that the same layers give
 * the same inventory.
 */
export function inventoryOf(layers: readonly LayerEvidence[]): Inventory {
  const standing = standingEvidence(layers);
  const apks = firstOf(standing.databases, installedDatabasePaths);
  const rpms = firstOf(standing.databases, rpmDatabasePaths) ?? [];
  const others = apks ?? debianPackages(standing.databases);
  const packages = [...others, ...rpms];
  const said = firstOf(standing.distributions, releasePaths);
  const format = apks === undefined ? 'deb' : 'apk';
  const distribution = { format, ...(said ?? UNKNOWN[format]) } as const;
  const stated = [
    ...others.flatMap((one) => componentsOf(one, standing.documents, distribution)),
    ...rpms.flatMap((one) => installedRpmComponent(one, said ?? UNKNOWN.rpm) ?? []),
  ];
  return {
    packages: packages.toSorted(byText((one) => `${one.name}\0${one.version}`)),
    components: [...stated, ...looseComponents(standing, { packages, stated })].toSorted(
      byText((component) => [component.package, component.purl, component.edge].join('\0')),
    ),
  };
}

/** Where the image does not say: our own, Debian without a release, or what os-release(5) has for ID then. */
const UNKNOWN = {
  apk: { id: 'suture', release: null },
  deb: { id: 'debian', release: null },
  rpm: { id: 'linux', release: null },
} as const;

/** From every file of dpkg's that the layers left standing. */
function debianPackages(databases: StandingEvidence['databases']): readonly InventoryPackage[] {
  return [...databases]
    .filter(([path]) => isDebianDatabase(path))
    .toSorted(byText(([path]) => path))
    .flatMap(([, { value }]) => value);
}

function componentsOf(
  one: InventoryPackage,
  documents: StandingEvidence['documents'],
  distribution: PackageDistribution,
): readonly Component[] {
  const embedded = documents.get(embeddedFactsPath(one.name, one.version))?.value ?? [];
  if (embedded.length === 0) return [defaultComponent(one, distribution)];
  return embedded.map((component) => ({ ...component, package: one.name }));
}

function firstOf<T>(values: ReadonlyMap<string, Placed<T>>, paths: readonly string[]): T | undefined {
  const path = paths.find((candidate) => values.has(candidate));
  return path === undefined ? undefined : values.get(path)?.value;
}

function byText<T>(textOf: (value: T) => string): (a: T, b: T) => number {
  return (a, b) => {
    const left = textOf(a);
    const right = textOf(b);
    return left < right ? -1 : left > right ? 1 : 0;
  };
}
