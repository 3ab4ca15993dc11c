import { compareVersions } from '../version/compare.ts';
import type { AvailablePackage } from './available-package.ts';
import type { PackageRelation } from './package-relation.ts';

/**
 * Whether a package is what a relation names: by its own name, or by a name it provides. A name provided without a
 * version is no answer to a relation that has a bound (Policy 7.5).
 */
export function meetsRelation(one: AvailablePackage, relation: PackageRelation, architecture: string): boolean {
  if (!meetsQualifier(one, relation, architecture)) return false;
  if (one.name === relation.name && isWithin(one.version, relation)) return true;
  return one.provides.some(
    ({ name, version }) =>
      name === relation.name && (relation.operator === null || (version !== null && isWithin(version, relation))),
  );
}

/** Whether a package is of an image of that architecture: built for it, or for all. */
export function fitsArchitecture(one: AvailablePackage, architecture: string): boolean {
  return one.architecture === architecture || one.architecture === 'all';
}

/**
 * `:any` takes packages alone that allow it (Multi-Arch: allowed), as apt does. An image holds one architecture, and a
 * package for all counts as one of that, so that `:native` and the architecture's own name change nothing and any other
 * name is never met.
 */
function meetsQualifier(one: AvailablePackage, { qualifier }: PackageRelation, architecture: string): boolean {
  switch (qualifier) {
    case null:
    case 'native':
      return true;
    case 'any':
      return one.multiArch === 'allowed';
    default:
      return qualifier === architecture;
  }
}

function isWithin(version: string, relation: PackageRelation): boolean {
  if (relation.operator === null) return true;
  const order = compareVersions('deb', version, relation.version);
  switch (relation.operator) {
    case '<<':
      return order < 0;
    case '<=':
      return order <= 0;
    case '=':
      return order === 0;
    case '>=':
      return order >= 0;
    case '>>':
      return order > 0;
  }
}
