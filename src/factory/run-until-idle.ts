import type { Failure } from '../core/failure.ts';
import type { Plan, Step } from '../core/plan/step.ts';
import type { Memory } from './memory.ts';
import type { StepReport } from './run-step.ts';
import { tick, type TickDeps } from './tick.ts';

export interface RunReport {
  /** The plan of the last turn: what is left, and why nothing more can be done now. */
  readonly plan: Plan;
  readonly ran: readonly StepReport[];
  /** What other workers held in the last turn. */
  readonly busy: readonly Step[];
  readonly problems: readonly Failure[];
}

/** Turns until nothing is left to do now; `turnsMax` bounds it. Progress is told after each step. */
export async function runUntilIdle(
  memory: Memory,
  deps: TickDeps,
  options: {
    readonly turnsMax: number;
    readonly told?: (report: StepReport) => void | Promise<void>;
    readonly cancelled?: () => boolean;
  },
): Promise<RunReport> {
  const ran: StepReport[] = [];
  const problems: Failure[] = [];
  for (let turn = 0; ; turn += 1) {
    const report = await tick(memory, deps);
    problems.push(...report.problems);
    if (report.ran !== undefined) {
      ran.push(report.ran);
      await options.told?.(report.ran);
    }
    if (report.ran === undefined || turn + 1 >= options.turnsMax || options.cancelled?.() === true)
      return { plan: report.plan, ran, busy: report.busy, problems };
  }
}
