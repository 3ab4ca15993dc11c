import type { History } from './history.ts';
import { millisOf, type Millis } from './instant.ts';
import { defaultPolicy, type Policy } from './policy.ts';

/** Which policy binds a claim that starts at an instant. A what-if answers with the same one for all. */
export type PolicyAt = (at: Millis) => Policy;

/**
 * The policy in force at a claim's T0 binds that claim: the one adopted with the latest `from` not after it. Claims
 * older than the first adoption are bound by the first one.
 */
export function adoptedPolicies(history: History): PolicyAt {
  const adopted = history.policies
    .map(({ says, seq }) => ({ from: millisOf(says.from), seq, policy: says.policy }))
    .toSorted((a, b) => a.from - b.from || a.seq - b.seq);
  const first = adopted[0]?.policy ?? defaultPolicy;
  return (at) => adopted.findLast(({ from }) => from <= at)?.policy ?? first;
}

/** The next instant after `at` at which another policy comes into force. */
export function nextPolicyChange(history: History, at: Millis): Millis {
  return Math.min(...history.policies.map(({ says }) => millisOf(says.from)).filter((from) => from > at));
}
