import type { Component, Inventory } from './inventory.ts';

/** Distributions whose own records name every flaw in their packages, the unfixed ones too. */
const COMPREHENSIVE = /^pkg:(?:deb\/(?:debian|ubuntu)|rpm\/redhat)\//;

/**
 * The components that advisories are held against. A Python, npm or other module that lies in a package of Debian's is
 * not among them: the distribution mends it under the old number, so only its own records can tell, and they speak of the
 * package that owns the file. Alpine, say, lists just what is fixed, so what its packages hold stays; and so does what lies
 * in packages of a release of which no record is at hand (`isHeard`): then nobody would answer at all.
 */
export function answerableComponents(
  { components }: Inventory,
  isHeard: (owner: Component) => boolean = () => true,
): readonly Component[] {
  if (!components.some(({ ownedBy }) => ownedBy !== undefined)) return components;
  const owners = components.filter(({ edge, purl }) => edge === 'is' && COMPREHENSIVE.test(purl));
  const answered = new Set(owners.filter(isHeard).map((each) => each.package));
  return components.filter(({ ownedBy }) => ownedBy === undefined || !answered.has(ownedBy));
}
