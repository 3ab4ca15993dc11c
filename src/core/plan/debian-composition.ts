import type { Line } from '../catalog/catalog.ts';
import type { Architecture, PackageBuilt, PackageImported } from '../fact.ts';
import type { AvailablePackage } from '../resolve/available-package.ts';
import { compareVersions } from '../version/compare.ts';
import { combinePools } from '../resolve/combine-pools.ts';
import { type PassedOver, resolve } from '../resolve/resolve.ts';
import { compositionDigest, type DesiredComposition, ownPackage, type PackageShelf } from './composition.ts';
import type { Offers } from './offers.ts';
import type { ComposedPackage, WantedImport } from './step.ts';

interface DebianStock {
  readonly shelf: PackageShelf;
  readonly offers: Offers;
  /** By architecture and digest. */
  readonly imported: ReadonlyMap<string, PackageImported>;
}

/**
 * What a line based on Debian is to be made of: the packages that it names and all that they depend on. What this catalog
 * builds itself comes before what the suites offer, also where only a dependency asks for it.
 */
export function debianComposition(line: Line, there: DebianStock): DesiredComposition {
  const packages: ComposedPackage[] = [];
  const imports: WantedImport[] = [];
  const notes = new Set<string>();
  for (const architecture of line.architectures) {
    const resolved = resolveFor(line, architecture, there);
    if (resolved.kind !== 'resolved') return resolved;
    for (const each of resolved.passedOver) notes.add(passedOverInWords(each));
    for (const each of resolved.packages) {
      const own = resolved.own.get(each);
      const taken = own ?? there.imported.get(`${architecture} sha256:${each.file.sha256}`);
      if (taken === undefined) imports.push({ architecture, package: each });
      else packages.push(taken);
    }
  }
  if (imports.length > 0) return { kind: 'import', packages: imports };
  return { kind: 'ready', composition: { digest: compositionDigest(line, packages), packages }, notes: [...notes] };
}

function passedOverInWords({ package: { name, version, suite }, by }: PassedOver): string {
  const instead = by === null ? 'nothing' : by.version;
  return `${name} ${version} is announced in ${suite}, and no mirror has it: ${instead} is taken`;
}

type Resolved =
  | {
      readonly kind: 'resolved';
      readonly packages: readonly AvailablePackage[];
      readonly passedOver: readonly PassedOver[];
      readonly own: ReadonlyMap<AvailablePackage, PackageBuilt>;
    }
  | Extract<DesiredComposition, { readonly kind: 'missing' | 'impossible' }>;

function resolveFor(line: Line, architecture: Architecture, { shelf, offers, imported }: DebianStock): Resolved {
  const pool = offers.pool(line.suites, architecture);
  if (pool === undefined) return { kind: 'missing', missing: [`the indexes of ${line.suites.join(', ')}`] };
  const wanted = line.packages.map((each) => ({ each, own: ownPackage(each, architecture, shelf, 'deb') }));
  const missing = wanted.flatMap(({ each, own }) =>
    own.kind === 'awaited' ? [`${each.name} ${own.version} for ${architecture}`] : [],
  );
  if (missing.length > 0) return { kind: 'missing', missing };
  const named = new Set(line.packages.map(({ name }) => name));
  const own = new Map(
    [
      ...wanted.flatMap((each) => (each.own.kind === 'built' ? [each.own.built] : [])),
      ...shelf.debs(architecture).built.filter(({ name }) => !named.has(name)),
    ].map((built) => [availableOf(built), built]),
  );
  const resolution = resolve(line.packages, combinePools([pool], [...own.keys()]), {
    architecture,
    excluded: ({ file }) => offers.absent.has(file.sha256) && !imported.has(`${architecture} sha256:${file.sha256}`),
  });
  if (resolution.kind === 'impossible') return resolution;
  const back = resolution.passedOver.flatMap((each) => goingBack(each, architecture, { line, imported }));
  if (back.length > 0) return { kind: 'missing', missing: back };
  const awaited = new Set(shelf.debs(architecture).unbuilt);
  const unbuilt = resolution.packages.find(({ name }) => awaited.has(name));
  if (unbuilt !== undefined) return { kind: 'missing', missing: [`the build of ${unbuilt.name} for ${architecture}`] };
  return { kind: 'resolved', packages: resolution.packages, passedOver: resolution.passedOver, own };
}

/** A mirror that is behind others must not take a line back below what it was made of already. */
function goingBack(
  { package: { name, version }, by }: PassedOver,
  architecture: Architecture,
  { line, imported }: { readonly line: Line; readonly imported: DebianStock['imported'] },
): readonly string[] {
  if (by === null) return [];
  const held = [...imported.values()].find(
    (each) =>
      each.name === name &&
      each.architecture === architecture &&
      line.suites.includes(each.suite) &&
      compareVersions('deb', each.version, by.version) > 0,
  );
  if (held === undefined) return [];
  return [
    `the file of ${name} ${version}, which no mirror has yet, and ${by.version} is older than ${held.version} before`,
  ];
}

/** A build of ours as the resolver sees it. */
function availableOf({
  name,
  version,
  architecture,
  recipe,
  relations,
  sizeBytes,
  digest,
}: PackageBuilt): AvailablePackage {
  return {
    name,
    version,
    architecture,
    multiArch: null,
    source: { name: recipe, version },
    essential: false,
    priority: 'optional',
    dependencies: relations?.dependencies ?? [],
    conflicts: relations?.conflicts ?? [],
    provides: relations?.provides ?? [],
    replaces: relations?.replaces ?? [],
    suite: 'own',
    file: { path: '', sizeBytes, sha256: digest.slice('sha256:'.length) },
  };
}
