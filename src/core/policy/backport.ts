import type { BackportCondition, Policy } from '../promise/policy.ts';
import { type ConditionCheck, type SeverityInSituation, severityWords } from './decision.ts';

/** A fix that exists in a newer version, the line that is held at an older one, and the patch that carries it. */
export interface BackportSituation {
  readonly now: Temporal.Instant;
  /** Null = no end is known. */
  readonly supportUntil: Temporal.Instant | null;
  /** Version of a release with the fix that the line may take; null = there is none. */
  readonly upstreamReleaseForLine: string | null;
  readonly severity: SeverityInSituation;
  /** Null until a patch exists. */
  readonly patch: {
    /** Lines of code added and removed. */
    readonly linesChanged: number;
    /** Gates that did not pass or did not run. */
    readonly gatesOpen: readonly string[];
    /** Whether the patch differs from upstream's in more than its position. */
    readonly diffOfDiffs: 'empty' | 'not-empty';
  } | null;
}

export interface BackportDecision {
  readonly take: boolean;
  readonly conditions: readonly ConditionCheck[];
  /** Whether nobody has to approve it; false as long as there is no patch. */
  readonly automatic: boolean;
  readonly automaticConditions: readonly ConditionCheck[];
  /** People who must agree before it is published: 0 when automatic. */
  readonly approvals: number;
  readonly approvalsWhy: string;
}

/**
 * Whether a fix may be carried to an older version, and who has to agree. A case of `approvals-if` wins over
 * `automatic`: what the policy singles out is never waved through.
 */
export function backportDecision(policy: Policy, situation: BackportSituation): BackportDecision {
  const { backport } = policy;
  const conditions = backport.all.map((condition) => check(condition, situation));
  // A policy that names no condition allows none: an empty list must not open the door.
  const take = conditions.length > 0 && conditions.every(({ holds }) => holds);
  const automaticConditions = automaticChecks(policy, situation);
  const special = specialCase(policy, situation);
  const automatic = take && special === undefined && automaticConditions.every(({ holds }) => holds);
  const common = { take, conditions, automatic, automaticConditions };
  if (special !== undefined) return { ...common, ...special };
  if (automatic) return { ...common, approvals: 0, approvalsWhy: 'the patch is small and every gate passed' };
  return {
    ...common,
    approvals: backport.approvals,
    approvalsWhy: 'it does not meet the conditions for going without',
  };
}

function check(condition: BackportCondition, situation: BackportSituation): ConditionCheck {
  const words = backportWords(condition);
  switch (condition.kind) {
    case 'line-supported': {
      const until = situation.supportUntil;
      if (until === null) return { condition: words, holds: true, why: 'no end of support is known' };
      const holds = Temporal.Instant.compare(situation.now, until) < 0;
      return { condition: words, holds, why: `support ${holds ? 'ends' : 'ended'} at ${until.toString()}` };
    }
    case 'no-upstream-release-for-line': {
      const version = situation.upstreamReleaseForLine;
      const why = version === null ? 'no release that this line may take has the fix' : `this line may take ${version}`;
      return { condition: words, holds: version === null, why };
    }
  }
}

function automaticChecks(policy: Policy, { patch }: BackportSituation): readonly ConditionCheck[] {
  const max = policy.backport.automatic.linesChangedMax;
  const small = linesWords(max);
  const gates = 'every gate passed';
  if (patch === null) {
    const why = 'there is no patch yet';
    return [
      { condition: small, holds: false, why },
      { condition: gates, holds: false, why },
    ];
  }
  const open = patch.gatesOpen;
  return [
    { condition: small, holds: patch.linesChanged <= max, why: `it changes ${patch.linesChanged}` },
    { condition: gates, holds: open.length === 0, why: open.length === 0 ? 'all passed' : `open: ${open.join(', ')}` },
  ];
}

function specialCase(
  policy: Policy,
  { severity, patch }: BackportSituation,
): Pick<BackportDecision, 'approvals' | 'approvalsWhy'> | undefined {
  const matching = policy.backport.approvalsIf.filter(
    (one) => one.severity === severity.level && one.diffOfDiffs === patch?.diffOfDiffs,
  );
  if (matching.length === 0) return undefined;
  const approvals = Math.max(...matching.map((one) => one.approvals));
  return { approvals, approvalsWhy: `${severityWords(severity)} and the patch differs from upstream's` };
}

/** A condition as a clause that follows "if". */
export function backportWords(condition: BackportCondition): string {
  switch (condition.kind) {
    case 'line-supported':
      return 'the line is supported';
    case 'no-upstream-release-for-line':
      return 'upstream has no release with the fix that the line may take';
  }
}

export function linesWords(max: number): string {
  return `it changes at most ${max} ${max === 1 ? 'line' : 'lines'}`;
}
