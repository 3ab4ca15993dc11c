import { compareVersions } from '../version/compare.ts';
import { fitsArchitecture, meetsRelation } from './meets-relation.ts';
import { meetsBound } from './wanted-package.ts';
import type { AvailablePackage, PackagePool } from './available-package.ts';
import type { Dependency, PackageRelation } from './package-relation.ts';
import type { WantedBound } from './wanted-package.ts';

export interface CandidateRules {
  readonly architecture: 'amd64' | 'arm64';
  readonly excluded: (one: AvailablePackage) => boolean;
  readonly preferOwn: boolean;
}

/** Who could answer a question, the most welcome one first. */
export interface Candidates {
  readonly packages: readonly AvailablePackage[];
  /** Excluded ones that would have come before the first of them. */
  readonly missed: readonly AvailablePackage[];
}

/** Looks packages up in a pool as one search sees it: of one architecture, without what is excluded. */
export class CandidateFinder {
  readonly #pool: PackagePool;
  readonly #rules: CandidateRules;
  readonly #versions = new Map<string, readonly AvailablePackage[]>();
  readonly #answers = new Map<Dependency, Candidates>();

  constructor(pool: PackagePool, rules: CandidateRules) {
    this.#pool = pool;
    this.#rules = rules;
  }

  /** Every version of the name, excluded ones too, the preferred one first. */
  versionsOf(name: string): readonly AvailablePackage[] {
    const known = this.#versions.get(name);
    if (known !== undefined) return known;
    const fitting = this.#pool.named(name).filter((one) => fitsArchitecture(one, this.#rules.architecture));
    const versions = this.#rules.preferOwn
      ? fitting
      : fitting.toSorted((a, b) => compareVersions('deb', b.version, a.version));
    this.#versions.set(name, versions);
    return versions;
  }

  /** Names of the packages that provide a name, each once, in their order. */
  providersOf(name: string): readonly string[] {
    const providers = this.#pool.providing(name).filter((one) => fitsArchitecture(one, this.#rules.architecture));
    return [...new Set(providers.map((one) => one.name))].toSorted();
  }

  isExcluded(one: AvailablePackage): boolean {
    return this.#rules.excluded(one);
  }

  meets(one: AvailablePackage, relation: PackageRelation): boolean {
    return meetsRelation(one, relation, this.#rules.architecture);
  }

  /** For a wanted name: its versions within all bounds; what is built here alone, where that is preferred and there. */
  ofWanted(name: string, bounds: readonly WantedBound[]): Candidates {
    const within = this.versionsOf(name).filter((one) => bounds.every((bound) => meetsBound(one.version, bound)));
    const usable = within.filter((one) => !this.isExcluded(one));
    const own = this.#rules.preferOwn ? usable.filter((one) => one.suite === 'own') : [];
    const first = usable[0] === undefined ? within.length : within.indexOf(usable[0]);
    return { packages: own.length > 0 ? own : usable, missed: within.slice(0, first) };
  }

  /**
   * For a dependency: of every name the version that apt would install (its candidate), alternative by alternative; and
   * only after all of these what apt never looks at, other versions. They count where the newest is excluded or bound out.
   */
  ofDependency(dependency: Dependency): Candidates {
    const known = this.#answers.get(dependency);
    if (known !== undefined) return known;
    const firstChoices = dependency.flatMap((relation) => this.#firstChoices(relation));
    const others = dependency.flatMap((relation) =>
      [relation.name, ...this.providersOf(relation.name)]
        .flatMap((name) => this.versionsOf(name))
        .filter((one) => this.meets(one, relation) && !this.isExcluded(one)),
    );
    const answer = {
      packages: [...new Set([...firstChoices, ...others])],
      missed: this.#missedOf(dependency),
    };
    this.#answers.set(dependency, answer);
    return answer;
  }

  #firstChoices(relation: PackageRelation): readonly AvailablePackage[] {
    return [...new Set([relation.name, ...this.providersOf(relation.name)])]
      .flatMap((name) => this.#firstVersionOf(name) ?? [])
      .filter((one) => this.meets(one, relation))
      .toSorted((a, b) => byWelcome(a, b, relation));
  }

  #firstVersionOf(name: string): AvailablePackage | undefined {
    return this.versionsOf(name).find((one) => !this.isExcluded(one));
  }

  #missedOf(dependency: Dependency): readonly AvailablePackage[] {
    const missed: AvailablePackage[] = [];
    for (const relation of dependency) {
      const [first] = this.#firstChoices(relation);
      for (const one of this.versionsOf(first?.name ?? relation.name)) {
        if (one === first) break;
        if (this.isExcluded(one) && this.meets(one, relation)) missed.push(one);
      }
      if (first !== undefined) break;
    }
    return missed;
  }
}

const PRIORITIES = ['required', 'important', 'standard', 'optional', 'extra'];

/**
 * Which of several answers to one relation apt takes on an empty system (2.6.1, CompareProviders in depcache.cc): the
 * package of that name, then an essential one, then the higher Priority. Among equals apt takes the one that its lists
 * mention last for the first time, be it in a Suggests of another package: an accident of its cache, which no pool
 * knows. Here the first by name is taken. Of 160 sets of random names three differed by this, and none by anything else.
 */
function byWelcome(a: AvailablePackage, b: AvailablePackage, relation: PackageRelation): number {
  return (
    Number(b.name === relation.name) - Number(a.name === relation.name) ||
    Number(b.essential) - Number(a.essential) ||
    priorityOf(a) - priorityOf(b) ||
    (a.name < b.name ? -1 : 1)
  );
}

function priorityOf(one: AvailablePackage): number {
  const rank = PRIORITIES.indexOf(one.priority);
  return rank < 0 ? PRIORITIES.length : rank;
}
