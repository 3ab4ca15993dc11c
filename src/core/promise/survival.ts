/** One thing whose end was waited for. */
export interface Lifetime {
  /** From its start to its end, or to the last moment at which it was seen without one. */
  readonly seconds: number;
  /** False: censored. It had not ended when it was seen last, or it ended otherwise. */
  readonly ended: boolean;
}

/** The share that is still open after some time, estimated with those that have not ended yet. */
export interface Survival {
  readonly count: number;
  readonly ended: number;
  readonly censored: number;
  /** The longest of them: beyond it nothing is known. */
  readonly longestSeconds: number;
  /** Where the curve falls, in order of time. */
  readonly steps: readonly SurvivalStep[];
  /** When a quarter, a half and three quarters had ended; null where the curve does not fall so far. */
  readonly quartiles: { readonly q1: number | null; readonly median: number | null; readonly q3: number | null };
}

export interface SurvivalStep {
  readonly seconds: number;
  /** How many were neither ended nor censored just before. */
  readonly atRisk: number;
  readonly ended: number;
  /** Share still open after it, 0 to 1. */
  readonly open: number;
}

/**
 * Product-limit estimate (Kaplan and Meier, J. Am. Stat. Assoc. 53, 1958, 457-481). What is censored at the time of an
 * end is taken to have been at risk then. A quantile is the first time at which the curve is at or below its share.
 */
export function survival(lifetimes: readonly Lifetime[]): Survival {
  const sorted = lifetimes.toSorted((a, b) => a.seconds - b.seconds);
  const steps: SurvivalStep[] = [];
  let open = 1;
  for (let i = 0; i < sorted.length; ) {
    const { seconds } = sorted[i] ?? { seconds: 0 };
    const atRisk = sorted.length - i;
    let ended = 0;
    for (; i < sorted.length && sorted[i]?.seconds === seconds; i += 1) if (sorted[i]?.ended === true) ended += 1;
    if (ended === 0) continue;
    open *= 1 - ended / atRisk;
    steps.push({ seconds, atRisk, ended, open });
  }
  const ended = sorted.filter((each) => each.ended).length;
  const at = (share: number): number | null => steps.find((step) => step.open <= share + ROUNDING)?.seconds ?? null;
  return {
    count: sorted.length,
    ended,
    censored: sorted.length - ended,
    longestSeconds: sorted.at(-1)?.seconds ?? 0,
    steps,
    quartiles: { q1: at(0.75), median: at(0.5), q3: at(0.25) },
  };
}

/** A product of fractions that is a half on paper may end a little above it. */
const ROUNDING = 1e-12;

/** How many were still open, and seen, at that time. */
export function atRiskAt(lifetimes: readonly Lifetime[], seconds: number): number {
  return lifetimes.filter((each) => each.seconds >= seconds).length;
}
