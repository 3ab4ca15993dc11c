import { mergedPath, ownersByPath } from './owned-paths.ts';
import type { Component, InventoryPackage } from '../../core/match/inventory.ts';
import type { FoundComponent } from './found-component.ts';
import type { StandingEvidence } from './standing-evidence.ts';

/**
 * Components that no package database lists, with the package that their file belongs to, if any. A file that a later layer
 * put in the place of a package's own belongs to nobody: the distribution answers only for what it shipped. One component
 * for each package, however many files tell of it; what the package's own document says of it counts more.
 */
export function looseComponents(
  standing: Pick<StandingEvidence, 'found' | 'owned'>,
  known: { readonly packages: readonly InventoryPackage[]; readonly stated: readonly Component[] },
): readonly Component[] {
  if (standing.found.size === 0) return [];
  const ownerAt = ownersOf(standing, known.packages);
  const stated = new Set(known.stated.map(keyOf));
  const components = new Map<string, Component>();
  for (const path of [...standing.found.keys()].toSorted()) {
    const { value: found = [], layer = 0 } = standing.found.get(path) ?? {};
    const owner = ownerAt(path, layer);
    for (const one of found) {
      const component = looseComponent(one, { path, owner });
      const key = keyOf(component);
      if (stated.has(key)) continue;
      const before = components.get(key);
      components.set(key, before === undefined ? component : withCodeOf(before, component));
    }
  }
  return [...components.values()];
}

/** What any of the programs holds; where one of them does not tell, anything may be in it. */
function withCodeOf(component: Component, other: Component): Component {
  const { linked, ...rest } = component;
  if (linked === undefined || other.linked === undefined) return rest;
  const symbols =
    linked.symbols === null || other.linked.symbols === null
      ? null
      : [...new Set([...linked.symbols, ...other.linked.symbols])];
  return { ...rest, linked: { packages: [...new Set([...linked.packages, ...other.linked.packages])], symbols } };
}

function looseComponent(
  { inside, ...said }: FoundComponent,
  { path, owner }: { readonly path: string; readonly owner: string | undefined },
): Component {
  return {
    ...said,
    package: owner ?? '',
    patched: [],
    ...(owner === undefined ? {} : { ownedBy: owner }),
    location: inside === undefined ? path : `${path}!/${inside}`,
  };
}

function keyOf(component: Pick<Component, 'package' | 'purl'>): string {
  return `${component.package}\0${component.purl}`;
}

/** Owners by path, for files that lie no higher than the list which names them. */
function ownersOf(
  { owned }: Pick<StandingEvidence, 'owned'>,
  packages: readonly InventoryPackage[],
): (path: string, layer: number) => string | undefined {
  const installed = new Set(packages.map((one) => one.name));
  const byLayer = Map.groupBy(owned.values(), (list) => list.layer);
  const owners = [...byLayer].map(([layer, lists]) => ({
    layer,
    byPath: ownersByPath(lists.map((list) => list.value)),
  }));
  return (path, layer) =>
    owners
      .flatMap((one) => (one.layer < layer ? [] : (one.byPath.get(mergedPath(path)) ?? [])))
      .find((name) => installed.has(name));
}
