import type { Fact, FactOf, PackageBuilt, UpstreamDelta } from '../core/fact.ts';

/** Where a package of an image came from, and how it differs from what upstream released. */
export type PackageOrigin =
  | {
      readonly kind: 'built';
      readonly name: string;
      readonly version: string;
      readonly upstream: string;
      readonly upstreamVersion: string;
      readonly sourceDigest: string;
      /** Null for builds from before it was recorded. */
      readonly delta: UpstreamDelta | null;
      /** Blob that lists the packages of the build root; null for roots of another making. */
      readonly rootLock: string | null;
    }
  | {
      readonly kind: 'imported';
      readonly name: string;
      readonly version: string;
      readonly suite: string;
      readonly source: { readonly name: string; readonly version: string };
    };

/** Of the packages that the ledger knows, in the order of `packages` (`name=version`). */
export function packageOrigins(packages: readonly string[], facts: readonly Fact[]): readonly PackageOrigin[] {
  const known = new Map<string, PackageOrigin>();
  for (const fact of facts) {
    if (!isPackageFact(fact)) continue;
    known.set(`${fact.payload.name}=${fact.payload.version}`, originOf(fact));
  }
  return packages.flatMap((each) => known.get(each) ?? []);
}

export type PackageFact = FactOf<'package-built'> | FactOf<'package-imported'>;

export function isPackageFact(fact: Fact): fact is PackageFact {
  return fact.type === 'package-built' || fact.type === 'package-imported';
}

function originOf(fact: PackageFact): PackageOrigin {
  if (fact.type === 'package-built') return builtOrigin(fact.payload);
  const { name, version, suite, source } = fact.payload;
  return { kind: 'imported', name, version, suite, source };
}

function builtOrigin(built: PackageBuilt): PackageOrigin {
  const { name, version, upstream, upstreamVersion, sourceDigest, delta, rootLock } = built;
  return {
    kind: 'built',
    name,
    version,
    upstream,
    upstreamVersion,
    sourceDigest,
    delta: delta ?? null,
    rootLock: rootLock ?? null,
  };
}

/** "expat 2.8.3, no patch; built with CFLAGS=-O2, cmake -S expat"; "nginx 1.22.1-9 of bookworm, as it is". */
export function spellOrigin(origin: PackageOrigin): string {
  if (origin.kind === 'imported') return `${origin.source.name} ${origin.source.version} of ${origin.suite}, as it is`;
  const released = `${origin.upstream} ${origin.upstreamVersion}`;
  if (origin.delta === null) return `${released}; how it differs was not recorded`;
  const { patches, options } = origin.delta;
  const patched = patches.length === 0 ? ['no patch'] : patches.map(spellPatch);
  const built = options.length === 0 ? '' : `; built with ${options.join(', ')}`;
  return `${released}, ${patched.join(', ')}${built}`;
}

function spellPatch({ file, fixes, linesAdded, linesRemoved }: UpstreamDelta['patches'][number]): string {
  return `${file} (+${linesAdded} −${linesRemoved}${fixes.length === 0 ? '' : `, fixes ${fixes.join(', ')}`})`;
}

/** "31 as Debian ships them: bookworm 28, bookworm-security 3"; undefined where there are none. */
export function spellImported(origins: readonly PackageOrigin[]): string | undefined {
  const imported = origins.filter((each) => each.kind === 'imported');
  if (imported.length === 0) return undefined;
  const bySuite = [...Map.groupBy(imported, ({ suite }) => suite)].toSorted(([a], [b]) => (a < b ? -1 : 1));
  return `${imported.length} as Debian ships them: ${bySuite.map(([suite, each]) => `${suite} ${each.length}`).join(', ')}`;
}
