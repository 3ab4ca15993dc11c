import type { CherryPickCondition, CherryPickSource, Policy } from '../promise/policy.ts';
import { type ConditionCheck, either, type SeverityInSituation, severityWords } from './decision.ts';

/** What is known about a fix that upstream may not have released yet. */
export interface CherryPickSituation {
  readonly severity: SeverityInSituation;
  readonly exploited: boolean;
  /** Probability of exploitation within 30 days, 0 to 1; null = not scored. */
  readonly epss: number | null;
  /** Version of a usable release with the fix in this stream; null = there is none. */
  readonly upstreamRelease: string | null;
  /** Every way in which the fix is vouched for; empty = by nobody. */
  readonly sources: readonly CherryPickSource[];
}

export interface CherryPickDecision {
  readonly take: boolean;
  readonly conditions: readonly ConditionCheck[];
  /** People who must agree before it is published. */
  readonly approvals: number;
  /** How often somebody looks again until upstream has released the fix, in seconds. */
  readonly reviewEverySeconds: number;
}

/** Whether a fix may be applied before upstream has released it: only if every condition of the policy holds. */
export function cherryPickDecision(policy: Policy, situation: CherryPickSituation): CherryPickDecision {
  const { all, approvals, reviewEverySeconds } = policy.cherryPick;
  const conditions = all.map((condition) => check(condition, situation));
  // A policy that names no condition allows none: an empty list must not open the door.
  const take = conditions.length > 0 && conditions.every(({ holds }) => holds);
  return { take, conditions, approvals, reviewEverySeconds };
}

function check(condition: CherryPickCondition, situation: CherryPickSituation): ConditionCheck {
  return { condition: cherryPickWords(condition), ...answer(condition, situation) };
}

function answer(condition: CherryPickCondition, situation: CherryPickSituation): Omit<ConditionCheck, 'condition'> {
  switch (condition.kind) {
    case 'no-upstream-release': {
      const version = situation.upstreamRelease;
      return {
        holds: version === null,
        why: version === null ? 'no release has the fix' : `upstream released ${version}`,
      };
    }
    case 'severity':
      return { holds: condition.levels.includes(situation.severity.level), why: severityWords(situation.severity) };
    case 'exploited':
      return {
        holds: situation.exploited,
        why: situation.exploited ? 'it is known to be exploited' : 'it is not known to be exploited',
      };
    case 'epss-min': {
      const { epss } = situation;
      if (epss === null) return { holds: false, why: 'it has no EPSS score' };
      return { holds: epss >= condition.score, why: `its score is ${epss}` };
    }
    case 'source': {
      const found = situation.sources.filter((source) => condition.sources.includes(source));
      const why =
        found.length > 0 ? `it is ${either(found.map((source) => sourceWords[source]))}` : 'nobody vouches for it';
      return { holds: found.length > 0, why };
    }
    case 'any': {
      const inner = condition.of.map((one) => check(one, situation));
      const holding = inner.filter(({ holds }) => holds);
      const telling = holding.length > 0 ? holding : inner;
      return { holds: holding.length > 0, why: telling.map(({ why }) => why).join(', ') };
    }
  }
}

/** A condition as a clause that follows "if". */
export function cherryPickWords(condition: CherryPickCondition): string {
  switch (condition.kind) {
    case 'no-upstream-release':
      return 'upstream has not released the fix';
    case 'severity':
      return `its severity is ${either(condition.levels)}`;
    case 'exploited':
      return 'it is known to be exploited';
    case 'epss-min':
      return `its EPSS score is at least ${condition.score}`;
    case 'source':
      return `the fix is ${either(condition.sources.map((source) => sourceWords[source]))}`;
    case 'any':
      return condition.of.map(cherryPickWords).join(', or ');
  }
}

const sourceWords: Readonly<Record<CherryPickSource, string>> = {
  'upstream-merged': 'merged by upstream',
  'upstream-posted': 'posted by upstream',
  'distro-consensus': 'carried by several distributions',
};
