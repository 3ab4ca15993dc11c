import type { Catalog, Recipe } from '../core/catalog/catalog.ts';
import type { Failure } from '../core/failure.ts';
import { plan } from '../core/plan/plan.ts';
import type { Plan, Proposal, StepOutcome } from '../core/plan/step.ts';
import type { PlanInput } from '../core/plan/worklist.ts';
import { assess, type AssessDeps } from './assess.ts';
import { declareCatalog } from './declare-catalog.ts';
import type { ReasonStore } from './deps.ts';
import type { Memory } from './memory.ts';
import { noteReasons } from './note-reasons.ts';
import { runStep, type RunStepDeps, type StepReport } from './run-step.ts';

export interface TickDeps extends AssessDeps, RunStepDeps {
  readonly facts: AssessDeps['facts'] & RunStepDeps['facts'];
  readonly catalog: CatalogSource;
  /** Looks at feeds and upstreams when their time has come; appends facts, returns what went wrong. */
  readonly look: (catalog: Catalog, memory: Memory) => Promise<readonly Failure[]>;
  readonly cherryPick: PlanInput['cherryPick'];
  readonly reasons: Pick<ReasonStore, 'note'>;
}

export interface CatalogSource {
  /** The catalog on its main branch. */
  main(): Promise<{ readonly catalog: Catalog; readonly commit: string }>;
  /** One recipe as of a commit; undefined when it is not there. */
  recipeAt(commit: string, recipe: string): Promise<Recipe | undefined>;
}

export interface TickReport {
  readonly plan: Plan;
  /** Undefined when there was nothing to run. */
  readonly ran: StepReport | undefined;
  readonly problems: readonly Failure[];
}

/**
 * One turn of the factory: look, judge, plan, run one step. Level-triggered: everything is compared anew each time,
 * so nothing is lost with a process, and nothing is handed onward but facts.
 */
export async function tick(memory: Memory, deps: TickDeps): Promise<TickReport> {
  const { catalog, commit } = await deps.catalog.main();
  await assess(memory, deps);
  await declareCatalog(catalog, memory.stock, deps);
  const problems = await deps.look(catalog, memory);
  await assess(memory, deps);
  const planned = await planNow(memory, { catalog, commit }, deps);
  await noteReasons(memory, planned, deps);
  for (const step of planned.steps) {
    const ran = await runStep(step, deps);
    if (ran.kind === 'busy') continue;
    await assess(memory, deps);
    return { plan: planned, ran, problems };
  }
  return { plan: planned, ran: undefined, problems };
}

/** Everything that would be done and why, without doing it. */
export async function planNow(
  memory: Memory,
  main: { readonly catalog: Catalog; readonly commit: string },
  deps: Pick<TickDeps, 'clock' | 'steps' | 'catalog' | 'cherryPick'>,
): Promise<Plan> {
  const outcomes = await deps.steps.outcomes();
  return plan({
    ...main,
    proposals: await openProposals(main.catalog, outcomes, deps.catalog),
    stock: memory.stock,
    obligations: [...memory.obligations.values()],
    outcomes,
    now: deps.clock.now(),
    cherryPick: deps.cherryPick,
  });
}

/** Changes that were proposed and that main does not have yet. */
async function openProposals(
  catalog: Catalog,
  outcomes: ReadonlyMap<string, StepOutcome>,
  source: CatalogSource,
): Promise<readonly Proposal[]> {
  const onMain = new Map(catalog.recipes.map((recipe) => [recipe.recipe, recipe.version]));
  const proposals: Proposal[] = [];
  for (const [key, outcome] of outcomes) {
    if (!key.startsWith('propose ') || outcome.kind !== 'done') continue;
    const { recipe: name, version, branch, commit } = outcome.result;
    if (
      typeof name !== 'string' ||
      typeof branch !== 'string' ||
      typeof commit !== 'string' ||
      onMain.get(name) === version
    )
      continue;
    const recipe = await source.recipeAt(commit, name);
    if (recipe !== undefined) proposals.push({ recipe, branch, commit });
  }
  return proposals;
}
