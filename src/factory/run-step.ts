import { Failure } from '../core/failure.ts';
import type { Fact, NewFact } from '../core/fact.ts';
import { retryAt } from '../core/plan/retry.ts';
import type { Step, StepKind, StepOutcome } from '../core/plan/step.ts';
import type { ClockDeps, FactStore, StepStore } from './deps.ts';

/** What a stage hands back: facts for the ledger, and a small result kept under the step's key. */
export interface StepDone {
  readonly facts: readonly NewFact[];
  readonly result: Readonly<Record<string, unknown>>;
}

export type StageOf = (step: Step) => Promise<StepDone>;

export interface RunStepDeps {
  readonly clock: ClockDeps;
  readonly worker: string;
  readonly leaseSeconds: number;
  /** Calls `beat` every now and then until the returned function is called: a step that works on keeps its lease. */
  readonly whileRunning: (beat: () => void) => () => void;
  readonly facts: Pick<FactStore, 'append'>;
  readonly steps: StepStore;
  readonly stages: Readonly<Record<StepKind, StageOf>>;
  /** Told when a step begins, once it is this worker's. */
  readonly onStart?: (step: Step) => void;
}

export type StepReport =
  | (Ended & { readonly kind: 'done'; readonly facts: readonly Fact[] })
  | (Ended & { readonly kind: 'failed'; readonly failure: Failure })
  | { readonly kind: 'busy'; readonly step: Step };

interface Ended {
  readonly step: Step;
  readonly outcome: StepOutcome;
  /** How long it ran. */
  readonly seconds: number;
}

/**
 * Runs one step under a lease. Facts come first and the outcome after them: a crash in between makes the step run
 * again, and a fact that is already there is passed over by its id.
 */
export async function runStep(step: Step, deps: RunStepDeps): Promise<StepReport> {
  const lease = await deps.steps.lease(step.key, deps.worker, deps.leaseSeconds);
  if (lease === undefined) return { kind: 'busy', step };
  const began = deps.clock.now();
  deps.onStart?.(step);
  const stop = deps.whileRunning(() => void deps.steps.renew(lease, deps.leaseSeconds));
  try {
    const done = await deps.stages[step.kind](step);
    const facts = done.facts.length === 0 ? [] : await deps.facts.append(done.facts);
    const outcome: StepOutcome = { kind: 'done', at: deps.clock.now(), attempt: lease.attempt, result: done.result };
    await deps.steps.finish(lease, outcome);
    return { kind: 'done', step, outcome, facts, seconds: secondsBetween(began, outcome.at) };
  } catch (error) {
    if (!(error instanceof Failure)) {
      await deps.steps.release(lease);
      throw error;
    }
    const failure = withKept(step, error);
    const now = deps.clock.now();
    const again = retryAt({ code: error.code, attempt: lease.attempt }, now);
    const outcome: StepOutcome = {
      kind: 'failed',
      at: now,
      attempt: lease.attempt,
      code: error.code,
      message: error.message,
      retryAt: again,
    };
    await deps.steps.finish(lease, outcome);
    return { kind: 'failed', step, outcome, failure, seconds: secondsBetween(began, now) };
  } finally {
    stop();
  }
}

function secondsBetween(from: Temporal.Instant, to: Temporal.Instant): number {
  return Math.max(0, to.epochMilliseconds - from.epochMilliseconds) / 1000;
}

/** Facts are appended after the work: whatever went wrong, this much is sure. */
function withKept({ kind }: Step, failure: Failure): Failure {
  if (failure.detail.kept !== undefined) return failure;
  return new Failure(failure.code, failure.message, { ...failure.detail, kept: kept[kind] });
}

const published = 'the published image stays as it is';
const kept: Readonly<Record<StepKind, string>> = {
  'propose-change': 'the catalog stays as it is',
  'build-package': published,
  'merge-change': 'the catalog stays as it is',
  'import-packages': published,
  'compose-image': published,
  'verify-image': published,
  'publish-image': 'nothing new counts as published',
  'confirm-image': 'nothing counts as confirmed, and the clock runs on',
  'attach-receipts': 'image and ledger stay as they are',
};
