import { defaultPolicy, type Policy } from '../../core/promise/policy.ts';
import { promiseInOneLine } from '../promise.ts';
import type { ReportLedger } from './fold.ts';
import type { Period } from './period.ts';

export interface AdoptedPolicy {
  readonly name: string;
  /** Of the policy as it was adopted; null for the default one of a ledger that adopted none. */
  readonly digest: string | null;
  /** Since when it is in force: never before it was recorded. Null for the default. */
  readonly from: Temporal.Instant | null;
  readonly promise: string;
  readonly policy: Policy;
  /** Position of the fact. */
  readonly seq: number | null;
}

export interface PoliciesInPeriod {
  /** At the end of the period, or as of the report where that is earlier. */
  readonly inForce: AdoptedPolicy;
  /** False: the period was over before anybody adopted a policy; `inForce` is the first that came. */
  readonly wasAdopted: boolean;
  /** In force at its beginning; what was due before is judged by these. */
  readonly atBegin: AdoptedPolicy;
  /** Those that came into force in the period. */
  readonly changes: readonly AdoptedPolicy[];
}

/** A policy binds what starts while it is in force: core/promise/policy-in-force.ts. */
export function policiesIn(ledger: ReportLedger, period: Period, asOf: Temporal.Instant): PoliciesInPeriod {
  const adopted = ledger.policies
    .map(({ payload, recordedAt, seq }) => ({
      ...said(payload.policy),
      digest: payload.digest,
      from: later(Temporal.Instant.from(payload.from), recordedAt),
      seq,
    }))
    .sort((a, b) => Temporal.Instant.compare(a.from, b.from) || a.seq - b.seq);
  const until = earlier(period.to, asOf);
  const first: AdoptedPolicy = adopted[0] ?? { ...said(defaultPolicy), digest: null, from: null, seq: null };
  const at = (instant: Temporal.Instant): AdoptedPolicy =>
    adopted.findLast(({ from }) => Temporal.Instant.compare(from, instant) <= 0) ?? first;
  return {
    inForce: at(until),
    wasAdopted: first.from === null || Temporal.Instant.compare(first.from, until) <= 0,
    atBegin: at(period.from),
    changes: adopted.filter(
      ({ from }) => Temporal.Instant.compare(from, period.from) > 0 && Temporal.Instant.compare(from, until) <= 0,
    ),
  };
}

function said(policy: Policy): Pick<AdoptedPolicy, 'name' | 'promise' | 'policy'> {
  return { name: policy.name, promise: promiseInOneLine(policy), policy };
}

function later(a: Temporal.Instant, b: Temporal.Instant): Temporal.Instant {
  return Temporal.Instant.compare(a, b) >= 0 ? a : b;
}

function earlier(a: Temporal.Instant, b: Temporal.Instant): Temporal.Instant {
  return Temporal.Instant.compare(a, b) <= 0 ? a : b;
}
