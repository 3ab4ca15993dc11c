import type { Component, Inventory } from './inventory.ts';

/**
 * Purls of what a component surely lies in: the package that owns its file, and the main module of the program that it is linked into.
 * What else is told of in the same place, as thousands are in one lock file, lies beside it. Of all in one place it is one list.
 */
export function withinOf({ components }: Pick<Inventory, 'components'>): (component: Component) => readonly string[] {
  const installed = Map.groupBy(components, ({ edge, package: name }) => (edge === 'is' ? name : undefined));
  const contained = Map.groupBy(components, ({ edge, location }) => (edge === 'contains' ? location : undefined));
  const known = new Map<string, readonly string[]>();
  return ({ edge, ownedBy, location }) => {
    const isLinked = LINKED.has(edge);
    const place = `${ownedBy ?? ''}\0${location ?? ''}\0${isLinked}`;
    const owners = ownedBy === undefined ? [] : (installed.get(ownedBy) ?? []);
    const programs = location === undefined || !isLinked ? [] : (contained.get(location) ?? []);
    const within = known.get(place) ?? [...owners, ...programs].map(({ purl }) => purl);
    known.set(place, within);
    return within;
  };
}

const LINKED: ReadonlySet<Component['edge']> = new Set(['static', 'header', 'compiled-by']);
