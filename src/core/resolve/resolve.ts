import { CandidateFinder } from './candidates.ts';
import { explainDeadEnd } from './explain-dead-end.ts';
import { Search } from './search.ts';
import type { AvailablePackage, PackagePool } from './available-package.ts';
import type { SearchOutcome } from './search.ts';
import type { WantedBound, WantedPackage } from './wanted-package.ts';

export interface ResolveOptions {
  readonly architecture: 'amd64' | 'arm64';
  /** Packages that cannot be had: an index names them, and the mirror does not have their files. */
  readonly excluded?: (one: AvailablePackage) => boolean;
  /** Whether what is built here comes before newer versions of the suites; default true. */
  readonly preferOwn?: boolean;
}

export type Resolution =
  | {
      readonly kind: 'resolved';
      /** By name. */
      readonly packages: readonly AvailablePackage[];
      readonly passedOver: readonly PassedOver[];
    }
  | { readonly kind: 'impossible'; readonly reasons: readonly string[] };

/** A package that would have been taken were it not excluded, and the version that is there in its place, if any. */
export interface PassedOver {
  readonly package: AvailablePackage;
  readonly by: AvailablePackage | null;
}

const EFFORT_MAX = 200_000;

/**
 * The packages that a root or image consists of when it has the wanted ones: these and all that they need, the newest
 * version of each that works. Chooses as `apt-get install --no-install-recommends` does on an empty system, which is what
 * test/oracle/resolver.test.ts measures. The same pool and wishes, in any order, give the same set.
 */
export function resolve(wanted: readonly WantedPackage[], pool: PackagePool, options: ResolveOptions): Resolution {
  const { architecture } = options;
  const finder = new CandidateFinder(pool, {
    architecture,
    excluded: options.excluded ?? (() => false),
    preferOwn: options.preferOwn ?? true,
  });
  const outcome = new Search(finder, {
    architecture,
    effortMax: EFFORT_MAX,
    explain: (deadEnd) => explainDeadEnd(deadEnd, finder),
  }).run(questionsOf(wanted, finder));
  switch (outcome.kind) {
    case 'found':
      return { kind: 'resolved', packages: outcome.packages.toSorted(byName), passedOver: passedOver(outcome, finder) };
    case 'none':
      return { kind: 'impossible', reasons: outcome.reasons };
    case 'too-long':
      return { kind: 'impossible', reasons: [`No set was found within ${EFFORT_MAX} choices`] };
  }
}

/** One question per name, in the order of names: who wrote the list in which order shall not matter. */
function questionsOf(wanted: readonly WantedPackage[], finder: CandidateFinder) {
  const byRealName = Map.groupBy(wanted, (each) => realNameOf(each, finder));
  return [...byRealName]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, wishes]) => ({ kind: 'wanted', name, bounds: boundsOf(wishes) }) as const);
}

/** Where nothing has the name and one package alone provides it, that one is meant, as it is for apt. */
function realNameOf({ name, bound }: WantedPackage, finder: CandidateFinder): string {
  const [provider, ...others] = finder.versionsOf(name).length > 0 || bound !== null ? [] : finder.providersOf(name);
  return provider !== undefined && others.length === 0 ? provider : name;
}

function boundsOf(wishes: readonly WantedPackage[]): readonly WantedBound[] {
  const text = ({ operator, version }: WantedBound): string => `${operator} ${version}`;
  return wishes.flatMap(({ bound }) => bound ?? []).toSorted((a, b) => (text(a) < text(b) ? -1 : 1));
}

/** Only what is missing beside a version that was less welcome, or beside none. */
function passedOver(outcome: SearchOutcome, finder: CandidateFinder): readonly PassedOver[] {
  const chosen = new Map(outcome.packages.map((one) => [one.name, one]));
  return [...outcome.missed]
    .map((one) => ({ package: one, by: chosen.get(one.name) ?? null }))
    .filter(({ package: one, by }) => {
      const versions = finder.versionsOf(one.name);
      return by === null || versions.indexOf(one) < versions.indexOf(by);
    })
    .toSorted((a, b) => byName(a.package, b.package) || (a.package.version < b.package.version ? -1 : 1));
}

function byName(a: AvailablePackage, b: AvailablePackage): number {
  return a.name < b.name ? -1 : a.name > b.name ? 1 : 0;
}
