import { stepAt, type Step } from './allowance.ts';
import type { Exposure } from './exposure.ts';
import type { Millis } from './instant.ts';

/** What became of the time promised, from T0 until the start was taken back or the claim was cut off. */
export interface Spent {
  /** The deadline in force at the end, or at the latch. */
  readonly due: Millis;
  /** The first instant open after the deadline; only true once the clock has passed it. */
  readonly missedAt: Millis | null;
  readonly closings: readonly Closing[];
  /** How late it was (negative) when this start was taken back while the flaw was still there; null otherwise. */
  readonly overrun: Millis | null;
}

/** An episode's end, with what was left of the budget: each keeps its own margin (promise rule 6). */
export interface Closing {
  readonly at: Millis;
  readonly fact: string;
  readonly margin: Millis;
}

interface Terms {
  readonly t0: Millis;
  /** Where this clock no longer counts; `FOREVER` while it does. */
  readonly until: Millis;
  readonly exposures: readonly Exposure[];
  readonly steps: readonly Step[];
}

/**
 * Promise rules 6 and 7, walked in order of time: open time spends the budget, clean time moves the deadline out,
 * a higher rating pulls it in, a lower one lets it out before a miss; a miss is latched.
 */
export function spend({ t0, until, exposures, steps }: Terms): Spent {
  const account = new Account(t0, steps);
  const closings: Closing[] = [];
  for (const { from, to, closedBy } of exposures) {
    if (to <= t0 || Math.max(from, t0) >= until) continue;
    account.passClean(Math.max(from, t0));
    account.passOpen(Math.min(to, until));
    if (closedBy !== null && to <= until) closings.push({ at: to, fact: closedBy.fact, margin: account.due - to });
  }
  const { due, missedAt } = account;
  const isOverrun = missedAt !== null && exposures.some(({ from, to }) => from < until && until < to);
  return { due, missedAt, closings, overrun: isOverrun ? due - until : null };
}

class Account {
  due: Millis;
  missedAt: Millis | null = null;
  readonly #t0: Millis;
  readonly #steps: readonly Step[];
  #now: Millis;
  #allowance: Millis;
  #clean: Millis = 0;

  constructor(t0: Millis, steps: readonly Step[]) {
    const first = stepAt(steps, t0);
    this.#t0 = t0;
    this.#now = t0;
    this.#allowance = first?.allowance ?? 0;
    this.#steps = steps.filter(({ at }) => at > Math.max(t0, first?.at ?? t0));
    this.due = t0 + this.#allowance;
  }

  passClean(until: Millis): void {
    for (const step of this.#stepsUntil(until)) {
      this.#addClean(step.at);
      this.#rate(step);
    }
    this.#addClean(until);
  }

  passOpen(until: Millis): void {
    for (const step of this.#stepsUntil(until)) {
      this.#latchBefore(step.at);
      this.#now = step.at;
      this.#rate(step);
    }
    this.#latchBefore(until);
    this.#now = until;
  }

  #addClean(until: Millis): void {
    this.#clean += until - this.#now;
    this.due += until - this.#now;
    this.#now = until;
  }

  /** Exactly at the deadline is in time. */
  #latchBefore(instant: Millis): void {
    if (this.missedAt === null && instant > this.due) this.missedAt = Math.max(this.due, this.#now);
  }

  /** Raised: D = min(D, t + hours). Lowered before a miss: D = max(t, T0 + hours). After a miss D only orders work. */
  #rate({ at, allowance }: Step): void {
    const raised = allowance < this.#allowance;
    this.#allowance = allowance;
    if (this.missedAt !== null) return;
    this.due = raised ? Math.min(this.due, at + allowance) : Math.max(at, this.#t0 + allowance + this.#clean);
  }

  #stepsUntil(until: Millis): readonly Step[] {
    return this.#steps.filter(({ at }) => at > this.#now && at <= until);
  }
}
