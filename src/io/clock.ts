import type { ClockDeps } from '../factory/deps.ts';

/** The machine's own clock: the one place where the real time comes in. */
export const machineClock: ClockDeps = { now: () => Temporal.Now.instant() };
