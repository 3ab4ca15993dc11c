import { targetOf } from '../core/forecast/queue.ts';
import { isOpen } from '../core/promise/standing.ts';
import type { Plan, Reason, Step, StepKind } from '../core/plan/step.ts';
import { assess } from '../factory/assess.ts';
import { type RunReport, runUntilIdle } from '../factory/run-until-idle.ts';
import type { StepReport } from '../factory/run-step.ts';
import { signHead } from '../factory/ledger/sign-head.ts';
import { planNow } from '../factory/tick.ts';
import type { OperationsLog } from '../factory/deps.ts';
import type { Memory } from '../factory/memory.ts';
import type { PlanDeps } from '../serve/cli/plan.ts';
import type { ProgressEvent } from '../serve/cli/progress.ts';
import type { RunDeps, RunSummary } from '../serve/cli/run.ts';
import { notCounted } from './not-counted.ts';
import { openFactory, type OpenFactory } from './open-factory.ts';
import type { Places } from './places.ts';
import { placesFrom } from './places-from.ts';
import { refusePast } from './refuse-past.ts';
import { worldTime } from './world.ts';

export const LOOK_EVERY_SECONDS = 300;
const TURNS_MAX = 1_000_000;

/** `suture run`: turns the factory until nothing is left to do now. */
export async function openRun(cwd: string): Promise<RunDeps> {
  const { factory, notice, places } = await openHere(cwd);
  return {
    notice,
    async run({ ticks, signal, onEvent, onDeadline }) {
      const onStart = (step: Step): void => onEvent(startOf(step));
      const report = await runUntilIdle(
        factory.memory,
        { ...factory.deps, onStart },
        {
          turnsMax: ticks ?? TURNS_MAX,
          cancelled: () => signal.aborted,
          told: async (step) => {
            await logStep(step, factory.store.operations, factory.deps.clock.now());
            onEvent(eventOf(step));
            onDeadline(step.step.due, step.step.reason);
          },
        },
      );
      // Nothing else signs what the last turns said until somebody runs it again.
      if (factory.deps.heads !== null)
        await signHead({ ...factory.deps, sign: factory.deps.heads.sign }, factory.memory.signed?.seq);
      for (const problem of report.problems)
        onEvent({ step: 'look', state: 'failed', words: `${problem.message} (${problem.code})` });
      const summary = summaryOf(report, factory);
      return { ...summary, settled: [...toBeCommitted(await notCounted(places)), ...summary.settled] };
    },
    close: () => factory.close(),
  };
}

/** `suture plan`: the same comparison, and nothing is run. */
export async function openPlan(cwd: string): Promise<PlanDeps> {
  const { factory, notice } = await openHere(cwd);
  return {
    notice,
    now: () => factory.deps.clock.now(),
    async plan() {
      await assess(factory.memory, factory.deps);
      const plan = await planNow(factory.memory, await factory.deps.catalog.main(), factory.deps);
      return { plan, obligations: [...factory.memory.obligations.values()].filter((each) => isOpen(each.standing)) };
    },
    close: () => factory.close(),
  };
}

function toBeCommitted(files: readonly string[]): RunSummary['settled'] {
  if (files.length === 0) return [];
  const [first = '', ...others] = files;
  const named = others.length === 0 ? first : `${first} and ${others.length} more`;
  return [{ subject: 'catalog', words: `what was changed in ${named} does not count yet: git commit it` }];
}

async function openHere(
  cwd: string,
): Promise<{ readonly factory: OpenFactory; readonly notice: string | null; readonly places: Places }> {
  const places = await placesFrom(cwd);
  const { clock, notice } = await worldTime(places);
  const factory = await openFactory({ places, clock, lookEverySeconds: LOOK_EVERY_SECONDS });
  try {
    await refusePast(factory.store, clock);
  } catch (error) {
    await factory.close();
    throw error;
  }
  return { factory, notice, places };
}

/** What a step is about, short and stable. */
export function subjectOfStep(step: Step): string {
  switch (step.kind) {
    case 'propose-change':
    case 'merge-change':
      return step.recipe.recipe;
    case 'build-package':
      return `${step.recipe.recipe} ${step.architecture}`;
    case 'import-packages':
    case 'compose-image':
    case 'verify-image':
    case 'publish-image':
    case 'confirm-image':
    case 'attach-receipts':
      return step.line.line;
  }
}

function startOf(step: Step): ProgressEvent {
  return { step: subjectOfStep(step), state: 'running', words: `${step.kind}: ${step.reason}` };
}

export function eventOf(report: StepReport): ProgressEvent {
  const step = subjectOfStep(report.step);
  switch (report.kind) {
    case 'done':
      return { step, state: 'done', words: `${report.step.kind}: ${report.step.reason}` };
    case 'failed':
      return {
        step,
        state: 'failed',
        words: `${report.step.kind}: ${report.failure.message} (${report.failure.code})`,
      };
    case 'busy':
      return { step, state: 'blocked', words: `${report.step.kind}: another worker has it` };
  }
}

/** One line in the operations log for each step that ended. */
export async function logStep(
  report: StepReport,
  log: Pick<OperationsLog, 'append'>,
  at: Temporal.Instant,
): Promise<void> {
  const { step, words, state } = eventOf(report);
  const entry = { at, step, message: words, level: state === 'failed' ? ('error' as const) : ('info' as const) };
  if (report.kind === 'busy') return log.append(entry);
  const { kind, target } = targetOf(report.step);
  await log.append({ ...entry, run: { kind, target, seconds: report.seconds } });
}

function summaryOf({ ran, plan, busy, problems }: RunReport, { memory }: OpenFactory): RunSummary {
  const done: Partial<Record<StepKind, number>> = {};
  for (const report of ran) if (report.kind === 'done') done[report.step.kind] = (done[report.step.kind] ?? 0) + 1;
  const last = new Map(ran.map((report) => [report.step.key, report]));
  const failures = [...last.values()]
    .filter((report) => report.kind === 'failed')
    .filter((report) => !isPassedOver(report, plan));
  return {
    ticks: ran.length + 1,
    done,
    failed: failures.map(({ step, failure, outcome }) => ({
      subject: subjectOfStep(step),
      step: step.kind,
      failure,
      retryAt: outcome.kind === 'failed' ? outcome.retryAt : null,
    })),
    problems: [...new Map(problems.map((each) => [`${each.code} ${each.message}`, each])).values()],
    waiting: [
      ...distinct(waiting(plan, new Set(failures.map(({ step }) => targetOf(step).target))), memory),
      ...busy.map((step) => ({
        subject: subjectOfStep(step),
        words: `${step.kind}: another worker has it, or died with it less than two minutes ago`,
      })),
    ],
    blocked: distinct(
      plan.reasons.filter(({ who }) => who === 'person'),
      memory,
    ),
    unavailable: distinct(
      plan.reasons.filter(({ who, subject }) => who === 'upstream' && subject.kind !== 'obligation'),
      memory,
    ),
    settled: distinct(
      plan.reasons.filter(({ who, subject }) => who === 'nobody' && (subject.kind === 'recipe' || ran.length === 0)),
      memory,
    ),
  };
}

/** A release that no mirror has, where the plan does with another one or without. */
function isPassedOver({ step, failure }: Extract<StepReport, { readonly kind: 'failed' }>, { reasons }: Plan): boolean {
  if (step.kind !== 'propose-change' || failure.code !== 'E0203') return false;
  return reasons.some(
    ({ subject, who }) => subject.kind === 'recipe' && subject.id === step.recipe.recipe && who === 'nobody',
  );
}

/**
 * Why a factory with nothing to do now has something to do later. With steps left the run was cut short, and a line that
 * waits for its packages waits for what is told of them.
 */
function waiting({ steps, reasons }: Plan, told: ReadonlySet<string>): readonly Reason[] {
  if (steps.length > 0) return [];
  const machine = reasons.filter(({ who, subject }) => who === 'machine' && !told.has(subject.id));
  const recipes = machine.filter(({ subject }) => subject.kind === 'recipe');
  return recipes.length + told.size > 0 ? recipes : machine.filter(({ subject }) => subject.kind === 'line');
}

/** Each reason once, under the vulnerability in its line, or the line, or the recipe. */
function distinct(reasons: readonly Reason[], { obligations }: Memory): RunSummary['blocked'] {
  const told = reasons.map(({ subject, text }) => {
    const obligation = subject.kind === 'obligation' ? obligations.get(subject.id) : undefined;
    const name = obligation === undefined ? subject.id : `${obligation.vulnerability} in ${obligation.line}`;
    return { subject: name, words: text };
  });
  return [...new Map(told.map((each) => [`${each.subject}: ${each.words}`, each])).values()];
}
