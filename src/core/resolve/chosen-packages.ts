import { invariant } from '../invariant.ts';
import { meetsRelation } from './meets-relation.ts';
import type { AvailablePackage } from './available-package.ts';
import type { Dependency, PackageRelation } from './package-relation.ts';

/** A package of the set that is being put together, and the number of the decision that took it. */
export interface ChosenPackage {
  readonly package: AvailablePackage;
  readonly decision: number;
}

/** Why a package cannot join: another version of it is there, or one of two says that it cannot live with the other. */
export type Obstacle =
  | { readonly kind: 'other-version'; readonly by: ChosenPackage }
  | { readonly kind: 'conflict'; readonly by: ChosenPackage; readonly said: 'newcomer' | 'resident' };

/** The set as it is now. Packages leave in the opposite order in which they came, so that every list is a stack. */
export class ChosenPackages {
  readonly #architecture: string;
  readonly #byName = new Map<string, ChosenPackage>();
  readonly #byProvided = new Map<string, ChosenPackage[]>();
  readonly #conflicts = new Map<string, { readonly by: ChosenPackage; readonly relation: PackageRelation }[]>();

  constructor(architecture: string) {
    this.#architecture = architecture;
  }

  named(name: string): ChosenPackage | undefined {
    return this.#byName.get(name);
  }

  all(): readonly AvailablePackage[] {
    return [...this.#byName.values()].map((chosen) => chosen.package);
  }

  meets(dependency: Dependency): boolean {
    return dependency.some((relation) => this.#answering(relation).next().done !== true);
  }

  add(one: AvailablePackage, decision: number): void {
    invariant(!this.#byName.has(one.name), 'a set holds one version of a package');
    const chosen = { package: one, decision };
    this.#byName.set(one.name, chosen);
    for (const { name } of one.provides) pushTo(this.#byProvided, name, chosen);
    for (const relation of one.conflicts) pushTo(this.#conflicts, relation.name, { by: chosen, relation });
  }

  /** Takes back what was added last. */
  remove(one: AvailablePackage): void {
    this.#byName.delete(one.name);
    for (const { name } of one.provides) this.#byProvided.get(name)?.pop();
    for (const relation of one.conflicts) this.#conflicts.get(relation.name)?.pop();
  }

  /** What stands in the way of a package; of several obstacles the one that was decided first. */
  obstacleTo(one: AvailablePackage): Obstacle | undefined {
    const sameName = this.#byName.get(one.name);
    if (sameName !== undefined) return { kind: 'other-version', by: sameName };
    let first: Obstacle | undefined;
    const consider = (by: ChosenPackage, said: 'newcomer' | 'resident'): void => {
      if (first === undefined || by.decision < first.by.decision) first = { kind: 'conflict', by, said };
    };
    for (const relation of one.conflicts) for (const by of this.#answering(relation)) consider(by, 'newcomer');
    for (const name of [one.name, ...one.provides.map((provided) => provided.name)]) {
      for (const { by, relation } of this.#conflicts.get(name) ?? []) {
        if (meetsRelation(one, relation, this.#architecture)) consider(by, 'resident');
      }
    }
    return first;
  }

  *#answering(relation: PackageRelation): Generator<ChosenPackage> {
    const named = this.#byName.get(relation.name);
    if (named !== undefined && meetsRelation(named.package, relation, this.#architecture)) yield named;
    for (const chosen of this.#byProvided.get(relation.name) ?? []) {
      if (meetsRelation(chosen.package, relation, this.#architecture)) yield chosen;
    }
  }
}

function pushTo<T>(lists: Map<string, T[]>, key: string, item: T): void {
  const list = lists.get(key);
  if (list === undefined) lists.set(key, [item]);
  else list.push(item);
}
