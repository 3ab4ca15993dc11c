import type { Catalog, Recipe } from '../catalog/catalog.ts';
import { type HeldStep, targetOf } from '../forecast/queue.ts';
import { isOpen, type Obligation } from '../promise/standing.ts';
import type { ObligationBook } from './obligation-book.ts';
import { wantsPerson } from './retry.ts';
import type { Proposal, Reason, Step, StepOutcome, StepWork } from './step.ts';
import type { Stock } from './stock.ts';
import type { Offers } from './offers.ts';

export interface PlanInput {
  /** The catalog's main branch, and its commit. */
  readonly catalog: Catalog;
  readonly commit: string;
  readonly proposals: readonly Proposal[];
  readonly stock: Stock;
  /** At least the open ones, and those whose receipt is not attached yet. */
  readonly obligations: ObligationBook;
  readonly outcomes: ReadonlyMap<string, StepOutcome>;
  readonly now: Temporal.Instant;
  /** What distributions offer, as read last. */
  readonly offers: Offers;
  /** Whether the policy lets a fix be carried before its release, with the conditions in words. */
  cherryPick(obligation: Obligation): { readonly take: boolean; readonly why: string } | undefined;
  /** Another number when `cherryPick` may answer otherwise about an obligation that is the same. */
  readonly fixesKnown: number;
}

const KIND_ORDER: Record<StepWork['kind'], number> = {
  'confirm-image': 0,
  'publish-image': 1,
  'verify-image': 2,
  'compose-image': 3,
  'merge-change': 4,
  'build-package': 5,
  'import-packages': 6,
  'propose-change': 7,
  'attach-receipts': 8,
};

/** Collects steps, keeps back those that failed and may not be tried yet, and puts the rest in order. */
export class Worklist {
  readonly input: PlanInput;
  readonly reasons: Reason[] = [];
  readonly held: HeldStep[] = [];
  readonly #steps: Step[] = [];
  /** Lines with an open obligation that a step is planned towards. */
  readonly linesUnderWork = new Set<string>();
  readonly #stepOf = new Map<string, Step>();
  #openByStream: ReadonlyMap<string, readonly Obligation[]> | undefined;

  constructor(input: PlanInput) {
    this.input = input;
  }

  /** `closes`: what it works towards, where that is not all that is open of the line or recipe. */
  add(
    key: string,
    step: StepWork,
    because: { reason: string; recipe?: Recipe; line?: string; closes?: readonly Obligation[] },
  ): void {
    const { line, recipe } = because;
    const open = line === undefined ? this.towards(recipe) : this.input.obligations.ofLine(line).open;
    const closes = because.closes ?? open;
    const failure = this.failureOf(key);
    if (failure !== undefined) {
      const subject =
        because.line === undefined
          ? { kind: 'recipe' as const, id: because.recipe?.recipe ?? '' }
          : { kind: 'line' as const, id: because.line };
      this.reasons.push({ subject, ...failure });
      this.#hold(key, step, closes);
      return;
    }
    const planned: Step = {
      ...step,
      key,
      reason: because.reason,
      closes: closes.map((each) => each.id),
      due: earliestDue(closes),
    };
    this.#steps.push(planned);
    for (const { line } of closes) this.linesUnderWork.add(line);
    for (const id of planned.closes) if (!this.#stepOf.has(id)) this.#stepOf.set(id, planned);
  }

  /** Why one of these steps may not run now, and who can help; undefined when all may, or were never tried. */
  failureOf(...keys: readonly string[]): Pick<Reason, 'who' | 'text'> | undefined {
    for (const key of keys) {
      const outcome = this.input.outcomes.get(key);
      if (outcome?.kind !== 'failed') continue;
      const { retryAt } = outcome;
      if (retryAt !== null && Temporal.Instant.compare(retryAt, this.input.now) <= 0) continue;
      const next =
        retryAt === null
          ? 'not tried again before something else changes'
          : `tried again at ${retryAt.toString({ smallestUnit: 'minute' })}`;
      const text = `${outcome.message} (${outcome.code}); attempt ${outcome.attempt}, ${next}`;
      return { who: wantsPerson(outcome) ? 'person' : 'machine', text };
    }
    return undefined;
  }

  #hold(key: string, step: StepWork, closes: readonly Obligation[]): void {
    const outcome = this.input.outcomes.get(key);
    const until = outcome?.kind === 'failed' ? outcome.retryAt : null;
    const lines = new Set(closes.map(({ line }) => line)).size;
    this.held.push({ ...targetOf(step), lines: Math.max(1, lines), until });
  }

  /** The first step planned towards an open obligation. */
  stepFor(obligation: Obligation): Step | undefined {
    return this.#stepOf.get(obligation.id);
  }

  /** Earliest deadline first; what is nearer to publication first; then by key, so that the order never depends on chance. */
  inOrder(): readonly Step[] {
    return this.#steps.toSorted(
      (a, b) => compareDue(a.due, b.due) || KIND_ORDER[a.kind] - KIND_ORDER[b.kind] || (a.key < b.key ? -1 : 1),
    );
  }

  /** Open obligations that a recipe's stream can end. Sorted only once somebody asks: most turns have nothing to do. */
  towards(recipe: Recipe | undefined): readonly Obligation[] {
    if (recipe === undefined) return [];
    this.#openByStream ??= openByStream(this.input.obligations);
    return this.#openByStream.get(`${recipe.upstream.purl} ${recipe.upstream.stream}`) ?? [];
  }
}

function openByStream(obligations: ObligationBook): ReadonlyMap<string, readonly Obligation[]> {
  const sorted = new Map<string, Obligation[]>();
  for (const obligation of obligations.values()) {
    if (!isOpen(obligation.standing)) continue;
    for (const { upstream, stream } of obligation.claims) push(sorted, `${upstream} ${stream}`, obligation);
  }
  return sorted;
}

function earliestDue(obligations: readonly Obligation[]): Temporal.Instant | null {
  let earliest: Temporal.Instant | null = null;
  for (const { clock } of obligations) {
    if (clock.due !== null && (earliest === null || Temporal.Instant.compare(clock.due, earliest) < 0))
      earliest = clock.due;
  }
  return earliest;
}

function compareDue(a: Temporal.Instant | null, b: Temporal.Instant | null): number {
  if (a === null || b === null) return a === b ? 0 : a === null ? 1 : -1;
  return Temporal.Instant.compare(a, b);
}

function push<K, V>(map: Map<K, V[]>, key: K, value: V): void {
  const list = map.get(key);
  if (list === undefined) map.set(key, [value]);
  else list.push(value);
}
