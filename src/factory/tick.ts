import type { Catalog, LedgerSettings, Recipe } from '../core/catalog/catalog.ts';
import type { Failure } from '../core/failure.ts';
import type { Plan, Proposal, Step } from '../core/plan/step.ts';
import type { PlanInput } from '../core/plan/worklist.ts';
import { compareVersions } from '../core/version/compare.ts';
import { assess, type AssessDeps } from './assess.ts';
import { declareCatalog } from './declare-catalog.ts';
import { refusedExceptions } from './declare-exceptions.ts';
import type { ReasonStore } from './deps.ts';
import type { Memory } from './memory.ts';
import { notePulse, type NotePulseDeps } from './note-pulse.ts';
import { noteReasons } from './note-reasons.ts';
import { offersNow } from './offers-now.ts';
import { runStep, type RunStepDeps, type StepReport } from './run-step.ts';
import { type HeadSigner, isHeadDue, signHead, type SignHeadDeps } from './ledger/sign-head.ts';
import type { SuiteArchive } from './suites.ts';
import { type OutcomeMemory, takeOutcomes } from './take-outcomes.ts';

export interface TickDeps extends AssessDeps, RunStepDeps, NotePulseDeps {
  readonly facts: AssessDeps['facts'] & RunStepDeps['facts'] & SignHeadDeps['facts'];
  readonly catalog: CatalogSource;
  /** Looks at feeds and upstreams when their time has come; appends facts, returns what went wrong. */
  readonly look: (catalog: Catalog, memory: Memory) => Promise<readonly Failure[]>;
  readonly cherryPick: PlanInput['cherryPick'];
  readonly reasons: Pick<ReasonStore, 'note'>;
  readonly suites: Pick<SuiteArchive, 'pools'>;
  /** Opens what was sealed until now; how many facts that were. */
  readonly openSealed: () => Promise<number>;
  /** What signs the head of the ledger, and how often; null where there is no key. */
  readonly heads: { readonly sign: HeadSigner; readonly when: () => LedgerSettings } | null;
}

export interface CatalogSource {
  /** The catalog on its main branch; where main is broken the last good one, with the problem. */
  main(): Promise<{ readonly catalog: Catalog; readonly commit: string; readonly problem?: Failure }>;
  /** One recipe as of a commit; undefined when it is not there. */
  recipeAt(commit: string, recipe: string): Promise<Recipe | undefined>;
}

export interface TickReport {
  readonly plan: Plan;
  /** Undefined when there was nothing to run. */
  readonly ran: StepReport | undefined;
  /** Steps that other workers hold, or held when they died. */
  readonly busy: readonly Step[];
  readonly problems: readonly Failure[];
}

/**
 * One turn of the factory: look, judge, plan, run one step. Level-triggered: everything is compared anew each time,
 * so nothing is lost with a process, and nothing is handed onward but facts.
 */
export async function tick(memory: Memory, deps: TickDeps): Promise<TickReport> {
  await deps.openSealed();
  const report = await turn(memory, deps);
  await signWhenDue(memory, deps);
  return report;
}

async function signWhenDue(memory: Memory, deps: TickDeps): Promise<void> {
  const { heads, clock, facts } = deps;
  if (heads === null || !isHeadDue(memory.signed, { seq: memory.seq, now: clock.now(), when: heads.when() })) return;
  await signHead({ clock, facts, sign: heads.sign }, memory.signed?.seq);
  await assess(memory, deps);
}

async function turn(memory: Memory, deps: TickDeps): Promise<TickReport> {
  const { catalog, commit, problem } = await deps.catalog.main();
  await assess(memory, deps);
  await declareCatalog(catalog, memory, deps);
  const looked = await deps.look(catalog, memory);
  const refused = refusedExceptions(catalog.exceptions, memory.stock, deps.clock.now());
  const problems = [...(problem === undefined ? [] : [problem]), ...refused, ...looked];
  await assess(memory, deps);
  const planned = await planNow(memory, { catalog, commit }, deps);
  await noteReasons(memory, deps);
  await notePulse(memory, planned, deps);
  const busy: Step[] = [];
  for (const step of planned.steps) {
    const ran = await runStep(step, deps);
    if (ran.kind === 'busy') {
      busy.push(step);
      continue;
    }
    await assess(memory, deps);
    return { plan: planned, ran, busy, problems };
  }
  return { plan: planned, ran: undefined, busy, problems };
}

/** Everything that would be done and why, without doing it. */
export async function planNow(
  memory: Memory,
  main: { readonly catalog: Catalog; readonly commit: string },
  deps: Pick<TickDeps, 'clock' | 'steps' | 'catalog' | 'cherryPick' | 'suites'>,
): Promise<Plan> {
  await takeOutcomes(memory, deps.steps);
  return memory.planner.plan({
    ...main,
    proposals: await openProposals(main.catalog, memory.outcomes.proposed, deps.catalog),
    stock: memory.stock,
    obligations: memory.obligations,
    outcomes: memory.outcomes.all,
    now: deps.clock.now(),
    offers: await offersNow(main.catalog, memory, deps),
    cherryPick: deps.cherryPick,
    fixesKnown: memory.fixesFound + memory.stock.rescored,
  });
}

/** Changes that were proposed and that main has not reached. */
async function openProposals(
  catalog: Catalog,
  proposed: OutcomeMemory['proposed'],
  source: CatalogSource,
): Promise<readonly Proposal[]> {
  const proposals: Proposal[] = [];
  for (const { recipe: name, version, upstream } of catalog.recipes) {
    const change = proposed.get(name);
    if (change === undefined || compareVersions(upstream.scheme, change.version, version) <= 0) continue;
    const recipe = await source.recipeAt(change.commit, name);
    if (recipe !== undefined) proposals.push({ key: change.key, recipe, branch: change.branch, commit: change.commit });
  }
  return proposals;
}
