import type { Obligation } from '../../core/promise/standing.ts';
import { atRiskAt, type Lifetime, survival, type Survival } from '../../core/promise/survival.ts';

/** How long fixes took from their release until every line had them, those that never came counted as open till the end. */
export interface OutcomeFigures {
  /** Ended and open: what the times are estimated from. */
  readonly counted: number;
  readonly ended: number;
  readonly censored: number;
  readonly met: number;
  /** Ended late, or open and late. */
  readonly missed: number;
  /** Seconds; null where so many had not ended when they were seen last. */
  readonly medianSeconds: number | null;
  readonly p90Seconds: number | null;
  readonly p99Seconds: number | null;
  /** Shares, 0 to 1; null where nobody was seen for so long. */
  readonly within: {
    readonly hours24: number | null;
    readonly hours48: number | null;
    readonly days7: number | null;
    readonly days14: number | null;
  };
  readonly apart: {
    /** Gone before the fixing release, or before anybody tied it to the flaw. */
    readonly fixedEarly: number;
    readonly waiting: number;
    /** Already fixable when the line was taken on: no time of ours to measure. */
    readonly takenOver: number;
    /** Started before or after the period. */
    readonly outsidePeriod: number;
    /** Void, not affected, or started after the line's end. */
    readonly other: number;
  };
}

export interface Measured {
  readonly from: Temporal.Instant;
  readonly to: Temporal.Instant;
  /** When each release was available, by upstream and version. */
  readonly releasedAt: ReadonlyMap<string, Temporal.Instant>;
  /** When lines ceased to be kept: nobody waits for a fix in them any more. */
  readonly endedAt: ReadonlyMap<string, Temporal.Instant>;
}

export function outcomeFigures(obligations: readonly Obligation[], measured: Measured): OutcomeFigures {
  const kinds = Map.groupBy(obligations, (each) => kindOf(each, measured));
  const counted = kinds.get('counted') ?? [];
  const lifetimes = counted.map((each) => lifetimeOf(each, measured));
  const estimate = survival(lifetimes);
  const within = (seconds: number): number | null => shareWithin(seconds, estimate, lifetimes);
  const countOf = (kind: Kind): number => kinds.get(kind)?.length ?? 0;
  return {
    counted: estimate.count,
    ended: estimate.ended,
    censored: estimate.censored,
    met: counted.filter(({ standing }) => standing === 'met').length,
    missed: counted.filter(({ standing }) => standing === 'missed' || standing === 'overdue').length,
    medianSeconds: estimate.quartiles.median,
    p90Seconds: quantile(estimate, 0.9),
    p99Seconds: quantile(estimate, 0.99),
    within: {
      hours24: within(24 * HOUR),
      hours48: within(48 * HOUR),
      days7: within(7 * 24 * HOUR),
      days14: within(14 * 24 * HOUR),
    },
    apart: {
      fixedEarly: countOf('fixed-early'),
      waiting: countOf('waiting'),
      takenOver: countOf('taken-over'),
      outsidePeriod: countOf('outside-period'),
      other: countOf('other'),
    },
  };
}

const HOUR = 3600;

type Kind = 'counted' | 'fixed-early' | 'waiting' | 'taken-over' | 'outside-period' | 'other';

function kindOf({ standing, clock, clocks, claims }: Obligation, measured: Measured): Kind {
  switch (standing) {
    case 'fixed-early':
    case 'waiting':
      return standing;
    case 'not-affected':
    case 'void':
    case 'excluded':
    case 'not-covered':
      return 'other';
    case 'on-track':
    case 'overdue':
    case 'met':
    case 'missed':
      break;
  }
  const start = clock.t0;
  if (start === null || !isIn(start, measured)) return 'outside-period';
  const fixes = claims.flatMap((claim) =>
    claim.fix === null ? [] : (measured.releasedAt.get(`${claim.upstream} ${claim.fix.version}`) ?? []),
  );
  const first = clocks.release.t0;
  const isReleased = first === null || fixes.some((at) => Temporal.Instant.compare(first, at) <= 0);
  return isReleased ? 'counted' : 'taken-over';
}

function isIn(instant: Temporal.Instant, { from, to }: Measured): boolean {
  return Temporal.Instant.compare(from, instant) <= 0 && Temporal.Instant.compare(instant, to) <= 0;
}

function lifetimeOf({ clock, line }: Obligation, { to, endedAt }: Measured): Lifetime {
  const start = clock.t0?.epochMilliseconds ?? 0;
  const left = endedAt.get(line)?.epochMilliseconds ?? to.epochMilliseconds;
  const stop = clock.t1?.epochMilliseconds;
  const ended = stop !== undefined && stop <= left;
  return { seconds: Math.max(0, ((ended ? stop : left) - start) / 1000), ended };
}

/** The first time at which no more than the rest of a share is open. */
function quantile({ steps }: Survival, share: number): number | null {
  return steps.find(({ open }) => open <= 1 - share + 1e-12)?.seconds ?? null;
}

function shareWithin(seconds: number, { steps }: Survival, lifetimes: readonly Lifetime[]): number | null {
  const open = steps.findLast((step) => step.seconds <= seconds)?.open ?? 1;
  if (open > 0 && atRiskAt(lifetimes, seconds) === 0) return null;
  return lifetimes.length === 0 ? null : 1 - open;
}
