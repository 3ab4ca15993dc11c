import type { StepKind } from '../plan/step.ts';
import { isOpen, type Obligation } from '../promise/standing.ts';
import type { Queue, QueuedStep } from './queue.ts';
import type { Estimate, Estimator } from './stage-durations.ts';

/** When an open obligation is expected to be confirmed clean, in seconds from now, and what that rests on. */
export interface Forecast {
  readonly p50: number;
  /** Never less than `p50`. */
  readonly p90: number;
  /** Steps of others that come first. */
  readonly ahead: number;
  /** The stages still before it. */
  readonly stages: readonly Estimate[];
  /** When a step that failed is tried again, where that is what it waits for. */
  readonly heldUntil: Temporal.Instant | null;
}

export type Forecaster = (obligation: Obligation, now: Temporal.Instant) => Forecast | null;

const RECIPE_STAGES: readonly StepKind[] = ['propose-change', 'build-package', 'merge-change'];
const LINE_STAGES: readonly StepKind[] = ['compose-image', 'verify-image', 'publish-image', 'confirm-image'];
const IMPORT_STAGES: readonly StepKind[] = ['import-packages', ...LINE_STAGES];

/**
 * Forecasts from the queue as it was planned last. The queue is in order of deadlines, so what follows from a step ahead
 * is ahead as well, and once an obligation's first step is run, its other stages follow. Lengths add up; how far they
 * stray adds up as variances do. Null where no clock runs, or where only a person or upstream can go on.
 */
export function forecaster(queue: Queue, estimate: Estimator): Forecaster {
  const line = new Line(queue, estimate);
  return (obligation, now) => {
    if (!isOpen(obligation.standing) || obligation.clock.due === null) return null;
    const streams = new Set(
      obligation.claims
        .filter(({ standing, clock }) => isOpen(standing) && clock.t0 !== null)
        .map(({ upstream, stream }) => `${upstream} ${stream}`),
    );
    const belongs = (step: QueuedStep): boolean =>
      step.stream === null ? step.target === obligation.line : streams.has(step.stream);
    const held = queue.held.find(belongs);
    if (held?.until === null) return null;
    const place = line.placeOf(belongs) ?? (held === undefined ? line.end() : { ...NO_TIME, index: 0 });
    const first = queue.steps[place.index] ?? held;
    const own = first !== undefined && belongs(first) ? first : undefined;
    const builds = queue.steps.filter((step) => belongs(step) && step.kind === 'build-package').length;
    const stages = stagesAfter(own, obligation.line, builds).map(({ kind, target }) => estimate(kind, target));
    const wait = held === undefined ? 0 : Math.max(0, secondsBetween(now, held.until));
    const mean = wait + place.mean + stages.reduce((sum, { p50 }) => sum + p50, 0);
    const variance = place.variance + stages.reduce((sum, { p50, p90 }) => sum + (p90 - p50) ** 2, 0);
    return {
      p50: mean,
      p90: mean + Math.sqrt(variance),
      ahead: place.index,
      stages,
      heldUntil: held?.until ?? null,
    };
  };
}

/** The chance that it is later than that many seconds from now: what strays is taken for normal. */
export function chanceLater({ p50, p90 }: Pick<Forecast, 'p50' | 'p90'>, seconds: number): number {
  const deviation = (p90 - p50) / NORMAL_P90;
  if (deviation <= 0) return seconds < p50 ? 1 : 0;
  return 1 - normal((seconds - p50) / deviation);
}

/** The 90th percentile of the standard normal distribution. */
const NORMAL_P90 = 1.281_551_6;

/** Distribution function of the standard normal; Abramowitz and Stegun 26.2.17, absolute error below 7.5e-8. */
function normal(z: number): number {
  const t = 1 / (1 + 0.231_641_9 * Math.abs(z));
  const series =
    t * (0.319_381_53 + t * (-0.356_563_782 + t * (1.781_477_937 + t * (-1.821_255_978 + t * 1.330_274_429))));
  const tail = (Math.exp((-z * z) / 2) / Math.sqrt(2 * Math.PI)) * series;
  return z >= 0 ? 1 - tail : tail;
}

interface Time {
  readonly mean: number;
  readonly variance: number;
}

interface Place extends Time {
  /** Steps of the queue before it. */
  readonly index: number;
}

const NO_TIME: Time = { mean: 0, variance: 0 };

/** How long everything ahead of each place takes, with what follows from it. */
class Line {
  readonly #before: Place[] = [];
  readonly #end: Place;
  readonly #queue: Queue;

  constructor(queue: Queue, estimate: Estimator) {
    this.#queue = queue;
    let { mean, variance } = NO_TIME;
    const add = ({ p50, p90 }: Estimate, times: number): void => {
      mean += (p50 * times) / queue.workers;
      variance += ((p90 - p50) ** 2 * times) / queue.workers;
    };
    const followed = new Set<string>();
    for (const [index, step] of queue.steps.entries()) {
      this.#before.push({ mean, variance, index });
      add(estimate(step.kind, step.target), 1);
      if (followed.has(step.target)) continue;
      followed.add(step.target);
      for (const { kind, target, times } of followUps(step)) add(estimate(kind, target), times);
    }
    for (const [kind, count] of Object.entries(queue.beyond)) add(estimate(kind as StepKind, ''), count);
    const beyond = Object.values(queue.beyond).reduce((sum, count) => sum + count, 0);
    this.#end = { mean, variance, index: queue.steps.length + beyond };
  }

  placeOf(belongs: (step: QueuedStep) => boolean): Place | undefined {
    const index = this.#queue.steps.findIndex(belongs);
    return this.#before[index];
  }

  end(): Place {
    return this.#end;
  }
}

function followUps({ kind, target, lines }: QueuedStep) {
  const recipe = later(RECIPE_STAGES, kind).map((stage) => ({ kind: stage, target, times: 1 }));
  if (!RECIPE_STAGES.includes(kind))
    return later(IMPORT_STAGES, kind).map((stage) => ({ kind: stage, target, times: 1 }));
  return [...recipe, ...LINE_STAGES.map((stage) => ({ kind: stage, target: '', times: lines }))];
}

/** The first step and everything after it; with no step planned yet, as if the recipe were to be built first. */
function stagesAfter(
  first: QueuedStep | undefined,
  line: string,
  builds: number,
): readonly { readonly kind: StepKind; readonly target: string }[] {
  const ofLine = (kinds: readonly StepKind[]) => kinds.map((kind) => ({ kind, target: line }));
  if (first === undefined) return [{ kind: 'build-package', target: '' }, ...ofLine(LINE_STAGES)];
  const { kind, target } = first;
  if (!RECIPE_STAGES.includes(kind)) return ofLine([kind, ...later(IMPORT_STAGES, kind)]);
  const recipe = [kind, ...later(RECIPE_STAGES, kind)].flatMap((stage) =>
    Array.from({ length: stage === 'build-package' ? Math.max(1, builds) : 1 }, () => ({ kind: stage, target })),
  );
  return [...recipe, ...ofLine(LINE_STAGES)];
}

function later(stages: readonly StepKind[], kind: StepKind): readonly StepKind[] {
  const place = stages.indexOf(kind);
  return place < 0 ? [] : stages.slice(place + 1);
}

function secondsBetween(from: Temporal.Instant, to: Temporal.Instant): number {
  return (to.epochMilliseconds - from.epochMilliseconds) / 1000;
}
