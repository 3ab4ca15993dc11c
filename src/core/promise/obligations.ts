import type { Fact } from '../fact.ts';
import { changingUntil, fileChange } from './changes-ahead.ts';
import { kept, type History } from './history.ts';
import type { Millis } from './instant.ts';
import { obligationFrom, type Judgement } from './obligation.ts';
import type { Judged, Pair } from './pair.ts';
import { unchangedThrough } from './part.ts';
import { adoptedPolicies, nextPolicyChange, type PolicyAt } from './policy-in-force.ts';
import type { Policy } from './policy.ts';
import { ratingAt, type Rating } from './rating.ts';
import type { Obligation, Standing } from './standing.ts';
import { take } from './take.ts';
import { strandsOf } from './strand.ts';
import type { Vulnerability } from './vulnerability.ts';

/*
 * Where each rule of the promise lives:
 *  1 claim and obligation        combine.ts, claim.ts, obligation.ts
 *  2 existence, fixed early      exposure.ts (what bytes held), part.ts
 *  3 releases                    release-at.ts (when), starts.ts (which)
 *  4 T0                          starts.ts, runs.ts (first exposure), vulnerability.ts (names over time)
 *  5 T1                          exposure.ts (closing pull), combine.ts (last architecture)
 *  6 exposure budget             budget.ts
 *  7 severity, latched misses    rating.ts, allowance.ts, budget.ts; strand.ts (corrected ranges), cut.ts (other ends)
 *  8 waivers and holds           exceptions.ts, part.ts
 *  9 corrections                 take-correction.ts
 * 10 population                  obligations(), below
 * 11 instants and seconds        instant.ts
 * 12 whose release counts        the component's own upstream and stream: core/match/inventory.ts
 * 13 standings                   part.ts (one strand), combine.ts (the whole); coverage.ts (support)
 *
 * A fact is filed (take.ts, history.ts); a pair's strands are computed when somebody asks (strand.ts) and judged at an
 * instant (part.ts); the judgement is kept until a fact touches the pair or time alone may change it (pair.ts).
 */

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
  history.recordedAt = fact.recordedAt.epochMilliseconds;
  const touched = new Map<string, { readonly vulnerability: string; readonly line: string }>();
  for (const pair of pairs) {
    pair.judged = null;
    fileChange(history.ahead, pair);
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

/** Promise rule 4: how an obligation would stand if every policy had named this reading of the start. */
export function standingUnder(
  history: History,
  { vulnerability: id, line: name, standing }: Obligation,
  { now, start }: { readonly now: Temporal.Instant; readonly start: Policy['clock']['start'] },
): Standing {
  const line = history.lines.get(name);
  const pair = line && history.vulnerabilities.get(id)?.pairs.get(line);
  if (pair === undefined) return standing;
  const judgement = { ...judgementOf(now.epochMilliseconds, adoptedPolicies(history)), start };
  const strands = strandsOf({
    history,
    vulnerability: pair.vulnerability,
    line: pair.line,
    policyAt: judgement.policyAt,
  });
  return obligationFrom(strands, pair, judgement)?.standing ?? standing;
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
  const { ahead } = history;
  const isFiled = ahead.completeFrom <= from.epochMilliseconds;
  const pairs = isFiled ? changingUntil(ahead, to.epochMilliseconds) : changingBetween(history, from, to);
  if (!isFiled) ahead.completeFrom = from.epochMilliseconds;
  return pairs.map(({ vulnerability, line }) => ({ vulnerability: vulnerability.smallest, line: line.line }));
}

/** Looks at all pairs, and files them for the next time. */
function changingBetween(history: History, from: Temporal.Instant, to: Temporal.Instant): readonly Pair[] {
  const changing: Pair[] = [];
  for (const { pairs } of history.lines.values()) {
    for (const pair of pairs) {
      fileChange(history.ahead, pair);
      if (!holdsThroughout(pair.judged, from, to)) changing.push(pair);
    }
  }
  return changing;
}

function holdsThroughout(judged: Judged | null, from: Temporal.Instant, to: Temporal.Instant): boolean {
  if (judged === null) return false;
  return judged.from <= from.epochMilliseconds && to.epochMilliseconds <= judged.through;
}

type Judge = (pair: Pair) => Obligation | null;

/** Judges by the adopted policies, and only where a fact or the time has changed something since. */
function judgeAt(history: History, now: Temporal.Instant): Judge {
  const at = now.epochMilliseconds;
  const judgement = judgementOf(at, adoptedPolicies(history));
  const unchangedPolicies = nextPolicyChange(history, at) - 1;
  return (pair) => {
    if (pair.judged !== null && pair.judged.from <= at && at <= pair.judged.through) return pair.judged.obligation;
    const { vulnerability, line } = pair;
    const strands = strandsOf({ history, vulnerability, line, policyAt: judgement.policyAt });
    const obligation = obligationFrom(strands, pair, judgement);
    let through = unchangedPolicies;
    for (const strand of strands) through = Math.min(through, unchangedThrough(strand, line, at));
    // Asked about a time before its newest fact, a history answers with what it knows now; that is not worth keeping.
    if (at < history.recordedAt) return obligation;
    pair.judged = { obligation, from: at, through, answered: strands.flatMap(({ answered }) => answered) };
    fileChange(history.ahead, pair);
    return obligation;
  };
}

function judgeAsIf(history: History, now: Temporal.Instant, policy: Policy): Judge {
  const judgement = judgementOf(now.epochMilliseconds, () => policy);
  return (pair) => {
    const { vulnerability, line } = pair;
    const strands = strandsOf({ history, vulnerability, line, policyAt: judgement.policyAt });
    return obligationFrom(strands, pair, judgement);
  };
}

/** Each vulnerability is rated once, however many lines it is in. */
function judgementOf(now: Millis, policyAt: PolicyAt): Judgement {
  const ratings = new Map<Vulnerability, Rating>();
  const policy = policyAt(now);
  const unrated: Rating = { level: policy.severity.unscored, by: null, exploited: false };
  const rate = ({ records }: Vulnerability): Rating => ratingAt(records, now, policy) ?? unrated;
  return { now, policyAt, ratingOf: (vulnerability) => kept(ratings, vulnerability, () => rate(vulnerability)) };
}
