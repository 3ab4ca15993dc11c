import assert from 'node:assert/strict';
import type { Fact } from '../../src/core/fact.ts';
import type { Plan } from '../../src/core/plan/step.ts';
import { emptyHistory, evolve, type InventoryOf, obligations } from '../../src/core/promise/obligations.ts';
import { isOpen, type Obligation } from '../../src/core/promise/standing.ts';

/** What the promise says must hold at every moment of every history. */

/** Folding from scratch what was recorded up to an instant gives what was judged then, to the byte. */
export function foldedAnew(
  facts: readonly Fact[],
  inventoryOf: InventoryOf,
  asOf: Temporal.Instant,
): readonly Obligation[] {
  const history = emptyHistory(inventoryOf);
  for (const fact of facts) {
    if (Temporal.Instant.compare(fact.recordedAt, asOf) > 0) break;
    evolve(history, fact);
  }
  return obligations(history, asOf);
}

/** A text that two judgements share only when they are the same. */
export function said(all: readonly Obligation[]): string {
  return JSON.stringify(
    all.toSorted((a, b) => (a.id < b.id ? -1 : 1)),
    null,
    1,
  );
}

export function figuresAreConsistent(all: readonly Obligation[], now: Temporal.Instant): void {
  const ids = new Set(all.map((each) => each.id));
  assert.equal(ids.size, all.length, 'the population counts every pair once');
  for (const { clock, standing, vulnerability, line } of all) {
    const where = `${vulnerability} in ${line}: ${standing} ${JSON.stringify(clock)}`;
    if (clock.t0 !== null)
      assert.ok(
        Temporal.Instant.compare(clock.t0, now) <= 0 || standing === 'waiting',
        `no clock starts in the future: ${where}`,
      );
    if (clock.due !== null && clock.t0 !== null)
      assert.ok(Temporal.Instant.compare(clock.t0, clock.due) < 0, `a deadline comes after its start: ${where}`);
    if (standing === 'met')
      assert.ok(
        clock.t1 !== null && clock.missedAt === null && (clock.marginSeconds ?? -1) >= 0,
        `met means in time: ${where}`,
      );
    if (standing === 'missed') assert.ok(clock.missedAt !== null, `missed says when: ${where}`);
    // A miss stays when its release is yanked: a later deadline then orders the work and excuses nothing.
    if (standing === 'overdue')
      assert.ok(clock.missedAt !== null && clock.t1 === null, `overdue is open and missed: ${where}`);
    if (standing === 'on-track')
      assert.ok(
        clock.due !== null && clock.t1 === null && clock.missedAt === null,
        `on track is open and not missed: ${where}`,
      );
    if (standing === 'waiting') assert.equal(clock.t1, null, `waiting has not ended: ${where}`);
  }
}

/** Nothing waits without a reason, and nothing is done without one. */
export function everythingHasAReason(all: readonly Obligation[], plan: Plan): void {
  const explained = new Map(
    plan.reasons.filter((reason) => reason.subject.kind === 'obligation').map((reason) => [reason.subject.id, reason]),
  );
  for (const obligation of all.filter((each) => isOpen(each.standing))) {
    assert.ok(
      (explained.get(obligation.id)?.text ?? '') !== '',
      `${obligation.vulnerability} in ${obligation.line} is open without a reason`,
    );
  }
  for (const step of plan.steps) assert.notEqual(step.reason, '', `${step.key} has a reason`);
}

/** When everything outside works again and nothing new happens, only upstream and people can keep something open. */
export function everyObligationEnds(all: readonly Obligation[], plan: Plan): void {
  const reasons = new Map(plan.reasons.map((reason) => [reason.subject.id, reason]));
  for (const obligation of all.filter((each) => isOpen(each.standing))) {
    const reason = reasons.get(obligation.id);
    assert.ok(
      reason?.who === 'upstream' || reason?.who === 'person',
      `${obligation.vulnerability} in ${obligation.line} is ${obligation.standing} for ever: ${reason?.text ?? 'no reason'}`,
    );
  }
}
