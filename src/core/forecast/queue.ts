import type { Plan, Step, StepKind } from '../plan/step.ts';

/** The plan in short, as it is kept for whoever forecasts: in the order in which steps are run. */
export interface Queue {
  readonly steps: readonly QueuedStep[];
  /** Steps behind those, by kind. */
  readonly beyond: Readonly<Partial<Record<StepKind, number>>>;
  /** Steps that failed and are kept back. */
  readonly held: readonly HeldStep[];
  /** How many steps run at the same time. */
  readonly workers: number;
}

export interface QueuedStep {
  readonly kind: StepKind;
  /** Recipe or line. */
  readonly target: string;
  /** `pkg:generic/curl 8`: what a recipe's step can fix; null for steps of lines. */
  readonly stream: string | null;
  /** How many lines are composed anew when it is done. */
  readonly lines: number;
}

export interface HeldStep extends QueuedStep {
  /** Null = not before somebody or something changes. */
  readonly until: Temporal.Instant | null;
}

/** So many are told apart: a board shows no more rows than these could move. */
const STEPS_KEPT = 500;

export function queueOf(
  { steps, held }: Plan,
  options: { readonly workers: number; readonly linesOf: (closes: readonly string[]) => number },
): Queue {
  const beyond: Partial<Record<StepKind, number>> = {};
  for (const { kind } of steps.slice(STEPS_KEPT)) beyond[kind] = (beyond[kind] ?? 0) + 1;
  return {
    steps: steps.slice(0, STEPS_KEPT).map((step) => ({
      ...targetOf(step),
      lines: 'line' in step ? 1 : Math.max(1, options.linesOf(step.closes)),
    })),
    beyond,
    held: held.slice(0, STEPS_KEPT),
    workers: options.workers,
  };
}

/** What a step is for. */
export function targetOf(step: Pick<Step, 'kind'> & StepTarget): Pick<QueuedStep, 'kind' | 'target' | 'stream'> {
  if (step.recipe !== undefined) {
    const { recipe, upstream } = step.recipe;
    return { kind: step.kind, target: recipe, stream: `${upstream.purl} ${upstream.stream}` };
  }
  return { kind: step.kind, target: step.line?.line ?? '', stream: null };
}

interface StepTarget {
  readonly recipe?: {
    readonly recipe: string;
    readonly upstream: { readonly purl: string; readonly stream: string };
  };
  readonly line?: { readonly line: string };
}
