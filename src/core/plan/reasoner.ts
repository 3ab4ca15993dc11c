import type { Catalog } from '../catalog/catalog.ts';
import type { Obligation } from '../promise/standing.ts';
import { type Basis, type CatalogIndex, obligationReason, urgentClaim, waitsForRelease } from './obligation-reason.ts';
import type { Reason } from './step.ts';
import type { Worklist } from './worklist.ts';

interface Remembered {
  readonly obligation: Obligation;
  readonly basis: Basis;
  readonly reason: Reason;
}

/**
 * Why each open obligation stands where it stands. Tens of thousands are asked about in every turn and few of them got
 * another answer, so answers are remembered, and given again while what they rest on is the same.
 */
export class Reasoner {
  #catalog: Catalog | undefined;
  #index: CatalogIndex = { recipes: new Map(), lines: new Map() };
  #remembered = new Map<string, Remembered>();

  reasonsFor(work: Worklist, lineReasons: ReadonlyMap<string, Reason>): readonly Reason[] {
    this.#look(work.input.catalog);
    const stuck = stuckRecipes(work.reasons);
    const reasons = work.open.map((obligation) => {
      const basis = this.#basisOf(obligation, { work, stuck, lineReasons });
      const known = this.#remembered.get(obligation.id);
      if (known?.obligation === obligation && isSameBasis(known.basis, basis)) return known.reason;
      const reason = obligationReason(obligation, basis, this.#index);
      this.#remembered.set(obligation.id, { obligation, basis, reason });
      return reason;
    });
    if (this.#remembered.size > reasons.length) this.#forgetOthers(reasons);
    return reasons;
  }

  #look(catalog: Catalog): void {
    if (catalog === this.#catalog) return;
    this.#catalog = catalog;
    this.#index = {
      recipes: new Map(catalog.recipes.map((recipe) => [`${recipe.upstream.purl} ${recipe.upstream.stream}`, recipe])),
      lines: new Map(catalog.lines.map((line) => [line.line, line])),
    };
    this.#remembered.clear();
  }

  #basisOf(
    obligation: Obligation,
    {
      work,
      stuck,
      lineReasons,
    }: {
      readonly work: Worklist;
      readonly stuck: ReadonlyMap<string, Reason>;
      readonly lineReasons: ReadonlyMap<string, Reason>;
    },
  ): Basis {
    const claim = urgentClaim(obligation);
    if (claim === undefined) return NOTHING;
    if (waitsForRelease(claim)) {
      const carried = work.input.cherryPick(obligation);
      return carried === undefined ? NOTHING : { ...NOTHING, carried };
    }
    const recipe = stuck.size === 0 ? undefined : this.#index.recipes.get(`${claim.upstream} ${claim.stream}`);
    return {
      carried: undefined,
      stuck: recipe && stuck.get(recipe.recipe),
      step: work.stepFor(obligation),
      line: lineReasons.get(obligation.line),
    };
  }

  #forgetOthers(reasons: readonly Reason[]): void {
    const open = new Set(reasons.map(({ subject }) => subject.id));
    for (const id of this.#remembered.keys()) if (!open.has(id)) this.#remembered.delete(id);
  }
}

const NOTHING: Basis = { carried: undefined, stuck: undefined, step: undefined, line: undefined };

/** The first reason given for each recipe that does not get on. */
function stuckRecipes(reasons: readonly Reason[]): ReadonlyMap<string, Reason> {
  const stuck = new Map<string, Reason>();
  for (const reason of reasons) {
    const { kind, id } = reason.subject;
    if (kind === 'recipe' && !stuck.has(id)) stuck.set(id, reason);
  }
  return stuck;
}

function isSameBasis(a: Basis, b: Basis): boolean {
  return (
    isSame(a.carried, b.carried, ({ take, why }) => `${take} ${why}`) &&
    isSame(a.stuck, b.stuck, ({ who, text }) => `${who} ${text}`) &&
    isSame(a.step, b.step, ({ kind, reason }) => `${kind} ${reason}`) &&
    isSame(a.line, b.line, ({ who, text }) => `${who} ${text}`)
  );
}

function isSame<T>(a: T | undefined, b: T | undefined, words: (value: T) => string): boolean {
  return a === b || (a !== undefined && b !== undefined && words(a) === words(b));
}
