import { receiptsDone } from '../../core/plan/digest-record.ts';
import { retryAt } from '../../core/plan/retry.ts';
import type { Plan, Step, StepOutcome } from '../../core/plan/step.ts';
import type { Assumptions } from './assumptions.ts';
import { type Chance, chanceFrom } from './chance.ts';

export interface FinishedStep {
  readonly step: Step;
  readonly outcome: StepOutcome;
}

interface Running {
  readonly step: Step;
  readonly until: number;
  readonly takesWorker: boolean;
}

/** Who does the steps of a plan, and how long each takes under the assumptions; in milliseconds since 1970. */
export class Workers {
  readonly #assumptions: Assumptions;
  readonly #chance: Chance;
  readonly #running = new Map<string, Running>();
  readonly #attempts = new Map<string, number>();
  /** When failed steps may be tried again. */
  readonly #retries = new Set<number>();
  #busy = 0;

  constructor(assumptions: Assumptions) {
    this.#assumptions = assumptions;
    this.#chance = chanceFrom(assumptions.seed);
  }

  /**
   * Starts what the plan wants in its order, while a worker is free; a builder or a person is waited for, anything else is
   * done at once and returned.
   */
  start({ steps }: Plan, now: Temporal.Instant): readonly FinishedStep[] {
    const finished: FinishedStep[] = [];
    for (const step of steps) {
      if (this.#running.has(step.key)) continue;
      const takesWorker = needWorker.has(step.kind);
      if (takesWorker && this.#busy >= this.#assumptions.workers) continue;
      const minutes = this.#minutesOf(step);
      if (minutes === 0) finished.push({ step, outcome: this.#outcomeOf(step, now) });
      else this.#run({ step, until: now.epochMilliseconds + minutes * MINUTE, takesWorker });
    }
    return finished;
  }

  /** What has ended by now, in the order in which it was started. */
  finished(now: Temporal.Instant): readonly FinishedStep[] {
    const over = [...this.#running.values()].filter(({ until }) => until <= now.epochMilliseconds);
    for (const { step, takesWorker } of over) {
      this.#running.delete(step.key);
      if (takesWorker) this.#busy -= 1;
    }
    for (const at of this.#retries) if (at <= now.epochMilliseconds) this.#retries.delete(at);
    return over.map(({ step }) => ({ step, outcome: this.#outcomeOf(step, now) }));
  }

  /** The next instant at which something ends, or may be tried again. */
  nextAt(now: Temporal.Instant): Temporal.Instant | undefined {
    let next = Infinity;
    for (const { until } of this.#running.values()) next = Math.min(next, until);
    for (const at of this.#retries) if (at > now.epochMilliseconds) next = Math.min(next, at);
    return next === Infinity ? undefined : Temporal.Instant.fromEpochMilliseconds(next);
  }

  #run(running: Running): void {
    this.#running.set(running.step.key, running);
    if (running.takesWorker) this.#busy += 1;
  }

  #minutesOf({ kind }: Step): number {
    const { buildMinutes, spreadPercent, testMinutes, publishMinutes, reviewHours } = this.#assumptions;
    switch (kind) {
      case 'build-package':
      case 'compose-image':
        return Math.round(buildMinutes * (1 + ((this.#chance.next() * 2 - 1) * spreadPercent) / 100));
      case 'verify-image':
        return testMinutes;
      case 'publish-image':
        return publishMinutes;
      case 'merge-change':
        return reviewHours * 60;
      case 'propose-change':
      case 'import-packages':
      case 'confirm-image':
      case 'attach-receipts':
        return 0;
    }
  }

  #outcomeOf(step: Step, at: Temporal.Instant): StepOutcome {
    const attempt = (this.#attempts.get(step.key) ?? 0) + 1;
    const mayFail = step.kind === 'build-package' || step.kind === 'compose-image';
    if (!mayFail || !this.#chance.happens(this.#assumptions.failPercent / 100)) {
      this.#attempts.delete(step.key);
      return { kind: 'done', at, attempt, result: step.kind === 'attach-receipts' ? receiptsDone(step) : {} };
    }
    this.#attempts.set(step.key, attempt);
    const again = retryAt({ code: 'E0402', attempt }, at);
    if (again !== null) this.#retries.add(again.epochMilliseconds);
    return { kind: 'failed', at, attempt, code: 'E0402', message: 'The build failed', retryAt: again };
  }
}

const MINUTE = 60_000;
const needWorker: ReadonlySet<Step['kind']> = new Set(['build-package', 'compose-image', 'verify-image']);
