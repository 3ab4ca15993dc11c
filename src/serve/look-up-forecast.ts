import { forecaster, type Forecaster } from '../core/forecast/forecast.ts';
import { estimator, type PastRun } from '../core/forecast/stage-durations.ts';
import type { Pulse } from '../core/forecast/pulse.ts';
import type { RunQuestions } from '../factory/deps.ts';

export interface ForecastDeps {
  /** The last sign of life of the factory, with what it was going to do; null before its first turn. */
  pulse(): Promise<Pulse | null>;
  readonly lastRuns: RunQuestions['lastRuns'];
}

export interface Forecasting {
  readonly pulse: Pulse;
  readonly forecaster: Forecaster;
  readonly runs: readonly PastRun[];
}

/** Null before the first turn, and for the past: what was expected then was not kept. */
export async function lookUpForecasting(
  asOf: Temporal.Instant | null,
  deps: ForecastDeps,
): Promise<Forecasting | null> {
  if (asOf !== null) return null;
  const pulse = await deps.pulse();
  if (pulse === null) return null;
  const runs = await deps.lastRuns();
  return { pulse, runs, forecaster: forecaster(pulse.queue, estimator(runs)) };
}
