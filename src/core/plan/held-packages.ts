import type { Line } from '../catalog/catalog.ts';
import type { HeldPackage } from '../fact.ts';
import { boundText } from './composition.ts';

/** What a line keeps newer versions out of, as its file says; a bound from below keeps nothing out. */
export function heldPackages({ packages }: Line): readonly HeldPackage[] {
  return packages.flatMap((wanted) =>
    wanted.bound === null || wanted.bound.operator.startsWith('>')
      ? []
      : [{ name: wanted.name, bound: boundText(wanted) }],
  );
}
