import type { AvailablePackage, PackagePool } from '../../src/core/resolve/available-package.ts';
import type { PackageRelation } from '../../src/core/resolve/package-relation.ts';

export interface LiteralPackage
  extends Partial<Pick<AvailablePackage, 'architecture' | 'multiArch' | 'essential' | 'priority' | 'suite'>> {
  readonly depends?: string;
  readonly conflicts?: string;
  readonly provides?: string;
}

/** A package as a test writes it: `literalPackage('nginx 1.22-1', { depends: 'libssl3 (>= 3)' })`. */
export function literalPackage(nameAndVersion: string, said: LiteralPackage = {}): AvailablePackage {
  const [name = '', version = ''] = nameAndVersion.split(' ');
  const { depends = '', conflicts = '', provides = '', ...fields } = said;
  return {
    name,
    version,
    architecture: 'amd64',
    multiArch: null,
    source: { name, version },
    essential: false,
    priority: 'optional',
    dependencies: listOf(depends).map((each) => each.split('|').map(relationOf)),
    conflicts: listOf(conflicts).map(relationOf),
    provides: listOf(provides)
      .map(relationOf)
      .map(({ name: given, version: as }) => ({ name: given, version: as === '' ? null : as })),
    replaces: [],
    suite: 'stable',
    file: { path: `pool/${name}_${version}.deb`, sizeBytes: 1, sha256: '00'.repeat(32) },
    ...fields,
  };
}

/** A pool of literal packages, in the order in which they are given. */
export function literalPool(packages: readonly AvailablePackage[]): PackagePool {
  return {
    named: (name) => packages.filter((one) => one.name === name),
    providing: (name) => packages.filter((one) => one.provides.some((provided) => provided.name === name)),
  };
}

function listOf(text: string): string[] {
  return text === '' ? [] : text.split(',');
}

/** `name:qualifier (operator version)`, with names of one letter, too, which Debian does not allow. */
function relationOf(text: string): PackageRelation {
  const [, name = '', qualifier = null, operator = null, version = ''] =
    /^ *([^ :(]+)(?::([a-z0-9]+))?(?: \((\S+) ([^)]+)\))? *$/.exec(text) ?? [];
  return { name, qualifier, operator: operator as PackageRelation['operator'], version };
}
