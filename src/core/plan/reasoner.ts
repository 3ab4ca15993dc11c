import type { Catalog } from '../catalog/catalog.ts';
import type { Obligation } from '../promise/standing.ts';
import { type Basis, type CatalogIndex, obligationReason, urgentClaim, waitsForRelease } from './obligation-reason.ts';
import type { OfLine } from './obligation-book.ts';
import type { Reason } from './step.ts';
import type { Worklist } from './worklist.ts';

/** What a line's reasons rested on when they were given. */
interface Remembered {
  readonly group: OfLine;
  readonly line: Reason | undefined;
  readonly reasons: readonly Reason[];
}

interface Rest {
  readonly work: Worklist;
  readonly stuck: ReadonlyMap<string, Reason>;
  readonly line: Reason | undefined;
}

/**
 * Why each open obligation stands where it stands. Tens of thousands are asked about in every turn and few of them got
 * another answer, so the answers of a line are given again while nothing that they rest on is another.
 */
export class Reasoner {
  #catalog: Catalog | undefined;
  #fixesKnown = 0;
  #index: CatalogIndex = { recipes: new Map(), lines: new Map() };
  #remembered = new Map<string, Remembered>();
  #underWork: ReadonlySet<string> = new Set();
  #stuck: ReadonlyMap<string, Reason> = new Map();
  readonly #news = new Map<string, Reason>();

  reasonsFor(work: Worklist, lineReasons: ReadonlyMap<string, Reason>): readonly Reason[] {
    this.#look(work);
    const stuck = stuckRecipes(work.reasons);
    const touched = new Set([...work.linesUnderWork, ...this.#underWork, ...this.#linesOfOthersStuck(stuck, work)]);
    const remembered = new Map<string, Remembered>();
    const all: Reason[] = [];
    for (const [name, group] of work.input.obligations.lines()) {
      const line = lineReasons.get(name);
      const known = this.#remembered.get(name);
      const isSame = known?.group === group && known.line === line;
      const answers =
        isSame && !touched.has(name)
          ? known
          : { group, line, reasons: group.open.map((each) => this.#answer(each, { work, stuck, line })) };
      remembered.set(name, answers);
      for (const reason of answers.reasons) all.push(reason);
    }
    this.#remembered = remembered;
    this.#underWork = work.linesUnderWork;
    this.#stuck = stuck;
    return all;
  }

  /** Reasons given since `noted` was called last; some may say what was said before. */
  news(): readonly Reason[] {
    return [...this.#news.values()];
  }

  noted(): void {
    this.#news.clear();
  }

  #look({ input }: Worklist): void {
    if (input.fixesKnown !== this.#fixesKnown) this.#remembered.clear();
    this.#fixesKnown = input.fixesKnown;
    if (input.catalog === this.#catalog) return;
    this.#catalog = input.catalog;
    const { recipes, lines } = input.catalog;
    this.#index = {
      recipes: new Map(recipes.map((recipe) => [`${recipe.upstream.purl} ${recipe.upstream.stream}`, recipe])),
      lines: new Map(lines.map((line) => [line.line, line])),
    };
    this.#remembered.clear();
  }

  /** Lines that hold something whose recipe began or ceased to be stuck, or is stuck for another reason. */
  #linesOfOthersStuck(stuck: ReadonlyMap<string, Reason>, work: Worklist): readonly string[] {
    const words = (reason: Reason | undefined) => reason && `${reason.who} ${reason.text}`;
    const others = new Set([...stuck.keys(), ...this.#stuck.keys()]);
    for (const id of others) if (words(stuck.get(id)) === words(this.#stuck.get(id))) others.delete(id);
    if (others.size === 0) return [];
    const recipes = work.input.catalog.recipes.filter(({ recipe }) => others.has(recipe));
    return recipes.flatMap((recipe) => work.towards(recipe).map(({ line }) => line));
  }

  #answer(obligation: Obligation, rest: Rest): Reason {
    const reason = obligationReason(obligation, this.#basisOf(obligation, rest), this.#index);
    this.#news.set(obligation.id, reason);
    return reason;
  }

  #basisOf(obligation: Obligation, { work, stuck, line }: Rest): Basis {
    const claim = urgentClaim(obligation);
    if (claim === undefined) return NOTHING;
    if (waitsForRelease(claim)) return { ...NOTHING, carried: work.input.cherryPick(obligation) };
    const recipe = this.#index.recipes.get(`${claim.upstream} ${claim.stream}`);
    return { ...NOTHING, stuck: recipe && stuck.get(recipe.recipe), step: work.stepFor(obligation), line };
  }
}

const NOTHING: Basis = { carried: undefined, stuck: undefined, step: undefined, line: undefined };

/** The first reason given for each recipe that does not get on. */
function stuckRecipes(reasons: readonly Reason[]): ReadonlyMap<string, Reason> {
  const stuck = new Map<string, Reason>();
  for (const reason of reasons) {
    const { kind, id } = reason.subject;
    if (kind === 'recipe' && reason.who !== 'nobody' && !stuck.has(id)) stuck.set(id, reason);
  }
  return stuck;
}
