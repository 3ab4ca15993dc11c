import { installedDatabasePaths } from '../apk/installed-database.ts';
import { rpmDatabasePaths } from './rpm-database.ts';
import { isDebianDatabase, type LayerEvidence } from './layer-evidence.ts';
import type { Component } from '../../core/match/inventory.ts';

/**
 * Which layer of an image brought a component, counted from the bottom: the one that holds the file in which it was found;
 * for one of a package, the lowest from which on its database lists the package in that version, for each layer that
 * installs anything holds the whole database anew. Undefined where no layer tells of it.
 */
export function layerOfComponent(
  layers: readonly LayerEvidence[],
): (component: Pick<Component, 'package' | 'location'>) => number | undefined {
  const databases = databasesOf(layers);
  return ({ package: name, location }) => {
    const file = location?.split('!/', 1)[0];
    const holding = file === undefined ? -1 : layers.findLastIndex(({ found }) => Object.hasOwn(found, file));
    if (holding >= 0) return holding;
    return databases.map((listings) => beginOf(listings, name)).find((layer) => layer !== undefined);
  };
}

/** One database as one layer holds it: versions by package, in one text. */
interface Listing {
  readonly layer: number;
  readonly versions: ReadonlyMap<string, string>;
}

const NAMED: readonly string[] = [...installedDatabasePaths, ...rpmDatabasePaths];

/** By path, each bottom first. */
function databasesOf(layers: readonly LayerEvidence[]): readonly (readonly Listing[])[] {
  const byPath = new Map<string, Listing[]>();
  for (const [layer, { databases }] of layers.entries()) {
    for (const [path, packages] of Object.entries(databases)) {
      if (!isDebianDatabase(path) && !NAMED.includes(path)) continue;
      const versions = new Map<string, string>();
      for (const { name, version } of packages) versions.set(name, `${versions.get(name) ?? ''} ${version}`);
      byPath.set(path, [...(byPath.get(path) ?? []), { layer, versions }]);
    }
  }
  return [...byPath.values()];
}

/** Of the unbroken run up to the top in which the package stands as it does there. */
function beginOf(listings: readonly Listing[], name: string): number | undefined {
  const last = listings.at(-1)?.versions.get(name);
  if (last === undefined) return undefined;
  const before = listings.findLastIndex(({ versions }) => versions.get(name) !== last);
  return listings[before + 1]?.layer;
}
