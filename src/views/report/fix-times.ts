import type { SeverityLevel } from '../../core/match/advisory.ts';
import { atRiskAt, survival, type Lifetime, type Survival } from '../../core/promise/survival.ts';
import { secondsBetween } from '../durations.ts';
import type { Member } from './population.ts';

/** From the start of the clock to the confirmed fix, with those that are still open: never a bare mean. */
export interface FixTimes {
  readonly about: 'all' | 'critical and high' | 'medium and low';
  readonly survival: Survival;
  /** How many were still open, and seen, after 24 h, 48 h, 7 d and 14 d. */
  readonly atRisk: readonly { readonly seconds: number; readonly count: number }[];
}

const HOUR = 3600;

/** After which times those at risk are counted. */
export const AT_RISK_AFTER: readonly number[] = [24 * HOUR, 48 * HOUR, 168 * HOUR, 336 * HOUR];

const GROUPS: readonly { readonly about: FixTimes['about']; readonly levels: readonly SeverityLevel[] }[] = [
  { about: 'critical and high', levels: ['critical', 'high'] },
  { about: 'medium and low', levels: ['medium', 'low'] },
  { about: 'all', levels: ['critical', 'high', 'medium', 'low'] },
];

export function fixTimesOf(members: readonly Member[], asOf: Temporal.Instant): readonly FixTimes[] {
  return GROUPS.map(({ about, levels }) => {
    const own = members.filter(({ obligation }) => levels.includes(obligation.severity.level));
    const lifetimes = own.flatMap((member) => lifetimeOf(member, asOf));
    const atRisk = AT_RISK_AFTER.map((seconds) => ({ seconds, count: atRiskAt(lifetimes, seconds) }));
    return { about, survival: survival(lifetimes), atRisk };
  });
}

/** What never started has no length. What is open, or ended otherwise than by a fix, is censored there. */
function lifetimeOf({ obligation: { clock, standing }, endedAt }: Member, asOf: Temporal.Instant): readonly Lifetime[] {
  if (clock.t0 === null || standing === 'fixed-early' || standing === 'waiting') return [];
  const end = clock.t1 ?? endedAt ?? asOf;
  return [{ seconds: Math.max(0, secondsBetween(clock.t0, end)), ended: clock.t1 !== null }];
}
