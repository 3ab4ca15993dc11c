import type { StepKind } from '../plan/step.ts';

/** A step that ran to its end, as the operations log keeps it. */
export interface PastRun {
  readonly kind: StepKind;
  /** The recipe or line that it was for. */
  readonly target: string;
  readonly seconds: number;
}

/** The same with when it ran, done or failed. */
export interface EndedRun extends PastRun {
  readonly from: Temporal.Instant;
  readonly to: Temporal.Instant;
  readonly failed: boolean;
}

/** How long a step is expected to take, and what that rests on. */
export interface Estimate {
  readonly kind: StepKind;
  readonly target: string;
  /** Half of such steps take no longer. */
  readonly p50: number;
  /** Nine in ten take no longer; never less than `p50`. */
  readonly p90: number;
  /** How many runs of this very target were measured, and of all targets. */
  readonly runs: { readonly own: number; readonly ofKind: number };
}

export type Estimator = (kind: StepKind, target: string) => Estimate;

/** What is assumed while nothing is measured; a build is by far the longest. */
const ASSUMED: Readonly<Record<StepKind, readonly [p50: number, p90: number]>> = {
  'propose-change': [60, 300],
  'build-package': [900, 3600],
  'merge-change': [10, 60],
  'import-packages': [120, 600],
  'compose-image': [30, 120],
  'verify-image': [30, 120],
  'publish-image': [30, 120],
  'confirm-image': [30, 120],
  'attach-receipts': [10, 30],
};

/** So many runs weigh as much as what is known of the others: few observations are drawn towards the kind's median. */
const PRIOR_RUNS = 3;

/**
 * Expected durations from measured ones: those of the target, drawn towards all of its kind, and these towards what is
 * assumed, the fewer there are the more (a weighted mean, as in empirical Bayes with a prior of three runs).
 */
export function estimator(runs: readonly PastRun[]): Estimator {
  const byKind = Map.groupBy(runs, ({ kind }) => kind);
  const byTarget = Map.groupBy(runs, keyOf);
  const known = new Map<string, Estimate>();
  // Asked for each of hundreds of targets, and sorted but once.
  const kinds = new Map<StepKind, OfKind>();
  const ofKind = (kind: StepKind): OfKind => {
    const remembered = kinds.get(kind);
    if (remembered !== undefined) return remembered;
    const all = byKind.get(kind) ?? [];
    const [assumed50, assumed90] = ASSUMED[kind];
    const found = { p50: drawn(all, 0.5, assumed50), p90: drawn(all, 0.9, assumed90), runs: all.length };
    kinds.set(kind, found);
    return found;
  };
  return (kind, target) => {
    const key = keyOf({ kind, target });
    const remembered = known.get(key);
    if (remembered !== undefined) return remembered;
    const own = byTarget.get(key) ?? [];
    const others = ofKind(kind);
    const p50 = drawn(own, 0.5, others.p50);
    const p90 = Math.max(p50, drawn(own, 0.9, others.p90));
    const estimate = { kind, target, p50, p90, runs: { own: own.length, ofKind: others.runs } };
    known.set(key, estimate);
    return estimate;
  };
}

interface OfKind {
  readonly p50: number;
  readonly p90: number;
  readonly runs: number;
}

function keyOf({ kind, target }: Pick<PastRun, 'kind' | 'target'>): string {
  return `${kind} ${target}`;
}

function drawn(runs: readonly PastRun[], share: number, towards: number): number {
  if (runs.length === 0) return towards;
  return (runs.length * quantile(runs, share) + PRIOR_RUNS * towards) / (runs.length + PRIOR_RUNS);
}

/** The smallest measured value that at least this share of them does not exceed. */
export function quantile(runs: readonly Pick<PastRun, 'seconds'>[], share: number): number {
  const sorted = runs.map(({ seconds }) => seconds).toSorted((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? 0;
}
