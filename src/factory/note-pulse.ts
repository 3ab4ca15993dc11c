import { queueOf } from '../core/forecast/queue.ts';
import type { Plan } from '../core/plan/step.ts';
import type { Pulse } from '../core/forecast/pulse.ts';
import type { ClockDeps, PulseStore } from './deps.ts';
import type { Memory } from './memory.ts';

export interface NotePulseDeps {
  readonly clock: ClockDeps;
  readonly pulse: Pick<PulseStore, 'note'>;
  readonly lookEverySeconds: number;
  /** What is watched, and what of it is late. */
  readonly sources: () => Pulse['sources'];
}

/** Through thousands of quick steps a sign of life every few seconds is enough. */
const NOTED_EVERY_MS = 5000;

/** This process alone runs steps; with more workers the queue moves as many times as fast. */
const WORKERS = 1;

/** Notes that the factory is alive, what it has not seen for long, and what it is going to do: who forecasts reads it. */
export async function notePulse(memory: Memory, plan: Plan, deps: NotePulseDeps): Promise<void> {
  const now = deps.clock.now();
  const noted = memory.pulse;
  const isIdleNow = plan.steps.length === 0 && noted !== null && !noted.wasIdle;
  if (noted !== null && !isIdleNow && now.epochMilliseconds - noted.at.epochMilliseconds < NOTED_EVERY_MS) return;
  await deps.pulse.note({
    at: now,
    lookEverySeconds: deps.lookEverySeconds,
    sources: deps.sources(),
    queue: queueOf(plan, { workers: WORKERS, linesOf: (closes) => linesOf(closes, memory) }),
  });
  memory.pulse = { at: now, wasIdle: plan.steps.length === 0 };
}

function linesOf(closes: readonly string[], { obligations }: Memory): number {
  return new Set(closes.flatMap((id) => obligations.get(id)?.line ?? [])).size;
}
