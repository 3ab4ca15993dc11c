import type { Pulse } from '../core/forecast/pulse.ts';
import { staleAlarms } from './alarms.ts';

/** What a server knows of its own factory. */
export interface Health {
  readonly status: 'ok' | 'degraded';
  /** "sqlite", "postgres". */
  readonly store: string;
  readonly lastTick: Temporal.Instant | null;
  readonly trouble: string | null;
}

/** For monitors: `stale` when nobody turns the factory any more, whatever process that should be. */
export interface HealthView extends Omit<Health, 'status'> {
  readonly status: 'ok' | 'degraded' | 'stale';
  readonly alarms: readonly string[];
}

export function healthView(health: Health, pulse: Pulse | null, now: Temporal.Instant): HealthView {
  const lastTick = health.lastTick ?? pulse?.at ?? null;
  if (pulse === null) return { ...health, lastTick, alarms: [] };
  const alarms = staleAlarms(pulse, now);
  const isSilent = now.epochMilliseconds - pulse.at.epochMilliseconds > 2 * pulse.lookEverySeconds * 1000;
  const status = isSilent ? 'stale' : alarms.length > 0 ? 'degraded' : health.status;
  return { ...health, status, lastTick, alarms: alarms.map(({ text }) => text) };
}
