import type { Plan, Reason, Step } from '../core/plan/step.ts';
import type { Obligation } from '../core/promise/standing.ts';
import { secondsBetween, spellLeft } from './durations.ts';
import type { Why } from './row.ts';

/** What would be done, why and by when; nothing has changed yet. */
export interface PlanView {
  readonly notice: string | null;
  readonly now: Temporal.Instant;
  readonly steps: readonly PlannedStep[];
  /** What is not being done, and why: every absence of action has a reason. */
  readonly blocked: readonly Blocked[];
  readonly next: string | null;
}

export interface PlannedStep {
  readonly position: number;
  readonly kind: Step['kind'];
  /** "hello 1.0.1 (amd64)" or "hello:1". */
  readonly subject: string;
  readonly reason: string;
  /** Vulnerabilities that it works towards closing. */
  readonly closes: readonly string[];
  readonly due: Temporal.Instant | null;
  /** "3 h 12 m left"; null when no deadline hangs on it. */
  readonly time: string | null;
  readonly key: string;
}

export interface Blocked extends Why {
  /** "CVE-2026-1234 in node:20", a line or a recipe. */
  readonly subject: string;
}

export function planView(
  plan: Plan,
  obligations: readonly Pick<Obligation, 'id' | 'vulnerability' | 'line'>[],
  options: { readonly now: Temporal.Instant; readonly notice?: string | null },
): PlanView {
  const byId = new Map(obligations.map((each) => [each.id, each]));
  const steps = plan.steps.map((step, index) => plannedStep(step, index + 1, byId, options.now));
  const blocked = plan.reasons
    .filter((reason) => reason.who === 'person' || reason.who === 'upstream')
    .map((reason) => ({ subject: subjectOf(reason, byId), who: reason.who, text: reason.text }));
  return {
    notice: options.notice ?? null,
    now: options.now,
    steps,
    blocked,
    next: nextCommand(steps, plan.reasons, byId),
  };
}

type Known = ReadonlyMap<string, Pick<Obligation, 'vulnerability' | 'line'>>;

function plannedStep(step: Step, position: number, byId: Known, now: Temporal.Instant): PlannedStep {
  return {
    position,
    kind: step.kind,
    subject: stepSubject(step),
    reason: step.reason,
    closes: [...new Set(step.closes.map((id) => byId.get(id)?.vulnerability ?? id.slice(0, 12)))],
    due: step.due,
    time: step.due === null ? null : spellLeft(secondsBetween(now, step.due)),
    key: step.key,
  };
}

function stepSubject(step: Step): string {
  switch (step.kind) {
    case 'propose-change':
      return `${step.recipe.name} ${step.recipe.version} → ${step.release.version}`;
    case 'build-package':
      return `${step.recipe.name} ${step.recipe.version} (${step.architecture})`;
    case 'merge-change':
      return `${step.recipe.name} ${step.recipe.version}`;
    case 'import-packages':
    case 'compose-image':
    case 'verify-image':
    case 'publish-image':
    case 'confirm-image':
    case 'attach-receipts':
      return step.line.line;
  }
}

function subjectOf(reason: Reason, byId: Known): string {
  if (reason.subject.kind !== 'obligation') return reason.subject.id;
  const obligation = byId.get(reason.subject.id);
  return obligation === undefined
    ? reason.subject.id.slice(0, 12)
    : `${obligation.vulnerability} in ${obligation.line}`;
}

function nextCommand(steps: readonly PlannedStep[], reasons: readonly Reason[], byId: Known): string | null {
  if (steps.length > 0) return 'suture run';
  const person = reasons.find((reason) => reason.who === 'person' && reason.subject.kind === 'obligation');
  const subject = person === undefined ? undefined : byId.get(person.subject.id)?.vulnerability;
  return subject === undefined ? null : `suture explain ${subject}`;
}
