import type { z } from 'zod';
import type {
  BackportCondition,
  CherryPickCondition,
  HighProfileCondition,
  Policy,
} from '../../core/promise/policy.ts';
import { checkShape, type Shaped } from './check-shape.ts';
import { type CherryPickQuestion, policySchema } from './policy-schema.ts';
import type { YamlFile } from './yaml-file.ts';

type Shape = z.output<typeof policySchema>;

/** Reads `policy.yaml`; what it leaves out is as in the default policy. */
export function readPolicy(yaml: YamlFile): Shaped<Policy> {
  const shaped = checkShape(yaml, policySchema);
  return shaped.kind === 'problems' ? shaped : { kind: 'shaped', value: policyOf(shaped.value) };
}

function policyOf(value: Shape): Policy {
  const { backport } = value;
  return {
    name: value.name,
    promise: value.promise,
    clock: value.clock,
    severity: value.severity,
    highProfile: {
      any: value['high-profile'].any.map(highProfileCondition),
      targetSeconds: value['high-profile'].target,
    },
    compilerUpdates: value['compiler-updates'],
    backport: {
      all: backport.all.map(
        (condition): BackportCondition => ({
          kind: condition.line === undefined ? 'no-upstream-release-for-line' : 'line-supported',
        }),
      ),
      automatic: { linesChangedMax: backport.automatic['lines-changed-max'], gates: backport.automatic.gates },
      approvals: backport.approvals,
      approvalsIf: backport['approvals-if'].map((one) => ({
        severity: one.severity,
        diffOfDiffs: one['diff-of-diffs'],
        approvals: one.approvals,
      })),
    },
    cherryPick: {
      all: value['cherry-pick'].all.map(cherryPickCondition),
      approvals: value['cherry-pick'].approvals,
      reviewEverySeconds: value['cherry-pick']['review-every'],
    },
    compatibility: value.compatibility,
  };
}

function highProfileCondition(condition: Shape['high-profile']['any'][number]): HighProfileCondition {
  const linesShare = condition['lines-share'] ?? 0;
  if (condition.severity !== undefined) return { kind: 'severity', levels: condition.severity, linesShare };
  return condition.exploited === true ? { kind: 'exploited', linesShare } : { kind: 'declared' };
}

function cherryPickCondition(question: CherryPickQuestion): CherryPickCondition {
  if (question.any !== undefined) return { kind: 'any', of: question.any.map(cherryPickCondition) };
  if (question.severity !== undefined) return { kind: 'severity', levels: question.severity };
  if (question.exploited === true) return { kind: 'exploited' };
  if (question['epss-min'] !== undefined) return { kind: 'epss-min', score: question['epss-min'] };
  if (question.source !== undefined) return { kind: 'source', sources: question.source };
  return { kind: 'no-upstream-release' };
}
