import type { Fact } from '../fact.ts';
import type { History } from './history.ts';
import { FOREVER } from './instant.ts';
import { obligationAt } from './obligation.ts';
import { forget, type Pair } from './pair.ts';
import { unchangedThrough } from './part.ts';
import { adoptedPolicies, nextPolicyChange } from './policy-in-force.ts';
import type { Policy } from './policy.ts';
import type { Obligation } from './standing.ts';
import { take } from './take.ts';
import { timelineOf } from './timeline.ts';

export { emptyHistory, type History, type InventoryOf } from './history.ts';

/** (smallest vulnerability id, line) pairs whose obligation may have changed. */
export interface Touched {
  readonly obligations: readonly { readonly vulnerability: string; readonly line: string }[];
}

/**
 * Folds one fact, in the order of the ledger; the history itself grows. Returns the pairs on which the fact bears, also
 * those that it ends: ids that became one vulnerability, say. Throws E0803 when a confirmed inventory is missing.
 */
export function evolve(history: History, fact: Fact): Touched {
  const pairs = take(history, fact);
  history.seq = fact.seq;
  const touched = new Map<string, { readonly vulnerability: string; readonly line: string }>();
  for (const pair of pairs) {
    forget(pair);
    const { smallest } = pair.vulnerability;
    touched.set(`${smallest}\n${pair.line.line}`, { vulnerability: smallest, line: pair.line.line });
  }
  return { obligations: [...touched.values()] };
}

/**
 * Promise rule 10: every (vulnerability, line) ever matched, each with its one standing at `now`. With a policy: what
 * would stand if that policy had always been in force.
 */
export function obligations(
  history: History,
  now: Temporal.Instant,
  options: { readonly policy?: Policy } = {},
): readonly Obligation[] {
  const judge = options.policy === undefined ? judgeAt(history, now) : judgeAsIf(history, now, options.policy);
  const all: Obligation[] = [];
  for (const { pairs } of history.lines.values()) {
    for (const pair of pairs) {
      const obligation = judge(pair);
      if (obligation !== null) all.push(obligation);
    }
  }
  return all;
}

/** By any id of the vulnerability; undefined when the line never held it. */
export function obligationOf(
  history: History,
  vulnerability: string,
  line: string,
  now: Temporal.Instant,
): Obligation | undefined {
  const known = history.lines.get(line);
  const pair = known && history.vulnerabilities.get(vulnerability)?.pairs.get(known);
  return pair && (judgeAt(history, now)(pair) ?? undefined);
}

/**
 * Pairs that may stand differently at `to` than at `from` only because time passed: a deadline went by, a waiver or a
 * support ended. Together with what `evolve` touched these are all that a tick has to look at.
 */
export function standingsThatChange(
  history: History,
  from: Temporal.Instant,
  to: Temporal.Instant,
): Touched['obligations'] {
  const judge = judgeAt(history, from);
  const changing: { readonly vulnerability: string; readonly line: string }[] = [];
  for (const { line, pairs } of history.lines.values()) {
    for (const pair of pairs) {
      judge(pair);
      const through = pair.judged?.through ?? FOREVER;
      if (through < to.epochMilliseconds) changing.push({ vulnerability: pair.vulnerability.smallest, line });
    }
  }
  return changing;
}

type Judge = (pair: Pair) => Obligation | null;

/** Judges by the adopted policies, and only where a fact or the time has changed something since. */
function judgeAt(history: History, now: Temporal.Instant): Judge {
  const at = now.epochMilliseconds;
  const policyAt = adoptedPolicies(history);
  const unchangedPolicies = nextPolicyChange(history, at) - 1;
  return (pair) => {
    if (pair.judged !== null && pair.judged.from <= at && at <= pair.judged.through) return pair.judged.obligation;
    pair.timeline ??= timelineOf({ history, vulnerability: pair.vulnerability, line: pair.line, policyAt });
    const obligation = obligationAt(pair, { timeline: pair.timeline, policyAt, now: at });
    const through = pair.timeline.strands.map((strand) => unchangedThrough(strand, pair.line, at));
    pair.judged = { obligation, from: at, through: Math.min(unchangedPolicies, ...through) };
    return obligation;
  };
}

function judgeAsIf(history: History, now: Temporal.Instant, policy: Policy): Judge {
  const policyAt = (): Policy => policy;
  return (pair) => {
    const timeline = timelineOf({ history, vulnerability: pair.vulnerability, line: pair.line, policyAt });
    return obligationAt(pair, { timeline, policyAt, now: now.epochMilliseconds });
  };
}
