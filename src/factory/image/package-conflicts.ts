import { Failure } from '../../core/failure.ts';
import { apkArchitecture } from '../../formats/apk/architecture.ts';
import { unmetDependencies } from '../../formats/apk/dependencies.ts';
import type { FileFact } from '../../core/compat/image-facts.ts';
import type { Architecture } from '../../core/fact.ts';
import type { PackageLayer } from './package-layer.ts';

/** E0401 naming a package that was built for another kind of machine. */
export function requireArchitecture(packages: readonly PackageLayer[], architecture: Architecture, at: string): void {
  const other = packages.find((one) => ![wordFor(architecture, one), 'noarch', 'all'].includes(one.architecture));
  if (other === undefined) return;
  const { name, architecture: found } = other;
  throw new Failure('E0401', `Package ${name} is for ${found}, the image for ${wordFor(architecture, other)}`, { at });
}

/** What a package's format calls an architecture. */
function wordFor(architecture: Architecture, { own }: PackageLayer): string {
  return own.format === 'apk' ? apkArchitecture(architecture) : architecture;
}

/** E0401 naming every dependency that no package of the image meets; those of debs were resolved before. */
export function requireDependencies(packages: readonly PackageLayer[], at: string): void {
  const unmet = unmetDependencies(packages.flatMap(({ own }) => (own.format === 'apk' ? [own.info] : [])));
  const [first] = unmet;
  if (first === undefined) return;
  const conflict = first.dependency.startsWith('!');
  const sentence = conflict
    ? `Package ${first.package} must not be installed together with ${first.dependency.slice(1)}`
    : `Package ${first.package} needs ${first.dependency}, which no package of the image provides`;
  throw new Failure('E0401', sentence, {
    at,
    why: unmet
      .map((one) => `${one.package} -> ${one.dependency} (there: ${one.present.join(', ') || 'none'})`)
      .join('; '),
    hint: `add a package that provides ${first.dependency} to the line, or a recipe for one`,
  });
}

/**
 * E0401 naming both packages where two would write different things to one path, or one would write through what another
 * made a link or file. Identical files are fine, and so are those of packages that say they replace the other's.
 */
export function refuseConflicts(packages: readonly PackageLayer[], at: string): ReadonlyMap<string, FileFact> {
  const owners = new Map<string, Owned>();
  const parents = new Map<string, PackageLayer>();
  for (const one of packages) {
    for (const file of one.facts.files) {
      const other = owners.get(file.path);
      if (other !== undefined && !mayShare(file, one, other)) throw conflict(file.path, one, other.by, at);
      owners.set(file.path, { file, by: one });
      noteParents(file.path, one, parents);
    }
  }
  for (const [path, by] of parents) {
    const owned = owners.get(path);
    if (owned !== undefined && owned.file.kind !== 'directory') throw conflict(path, by, owned.by, at);
  }
  return new Map([...owners].map(([path, { file }]) => [path, file]));
}

interface Owned {
  readonly file: FileFact;
  readonly by: PackageLayer;
}

function mayShare(file: FileFact, by: PackageLayer, other: Owned): boolean {
  if (file.kind === 'directory' && other.file.kind === 'directory') return true;
  if (file.kind === 'directory' || other.file.kind === 'directory') return false;
  if (file.kind === other.file.kind && file.content === other.file.content && file.mode === other.file.mode)
    return true;
  return replaces(by, other.by);
}

/** Only the upper layer may replace: `by` lies above. */
function replaces(by: PackageLayer, other: PackageLayer): boolean {
  return by.replaces.includes(other.name);
}

function noteParents(path: string, by: PackageLayer, parents: Map<string, PackageLayer>): void {
  for (let slash = path.lastIndexOf('/'); slash > 0; slash = path.lastIndexOf('/', slash - 1)) {
    const parent = path.slice(0, slash);
    if (parents.has(parent)) return;
    parents.set(parent, by);
  }
}

function conflict(path: string, one: PackageLayer, other: PackageLayer, at: string): Failure {
  const [first, second] = [one.name, other.name].toSorted();
  return new Failure('E0401', `Packages ${first} and ${second} cannot be in one image: both bring /${path}`, { at });
}
