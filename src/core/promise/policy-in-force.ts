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
    .map((adopted) => ({ from: inForceFrom(adopted), seq: adopted.seq, policy: adopted.says.policy }))
    .toSorted((a, b) => a.from - b.from || a.seq - b.seq);
  const first = adopted[0]?.policy ?? defaultPolicy;
  return (at) => adopted.findLast(({ from }) => from <= at)?.policy ?? first;
}

/** The next instant after `at` at which another policy comes into force. */
export function nextPolicyChange(history: History, at: Millis): Millis {
  return Math.min(...history.policies.map(inForceFrom).filter((from) => from > at));
}

/** Never before it was recorded: a policy adopted later neither makes nor takes back a miss. */
function inForceFrom({ says, recordedAt }: History['policies'][number]): Millis {
  return Math.max(millisOf(says.from), recordedAt);
}
