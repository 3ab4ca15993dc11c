import type { SeverityLevel } from '../../core/match/advisory.ts';
import type { Policy } from '../../core/promise/policy.ts';
import type { Obligation, Standing } from '../../core/promise/standing.ts';
import { metPercent } from '../met-percent.ts';

/** Met of due. What is overdue is due and was not met: leaving things open makes no percentage better. */
export interface Share {
  readonly met: number;
  readonly missed: number;
  readonly overdue: number;
  /** The sum of the three. */
  readonly due: number;
  /** Two decimals; null when nothing was due. */
  readonly percent: number | null;
}

export interface Shares {
  readonly all: Share;
  readonly bySeverity: Readonly<Record<SeverityLevel, Share>>;
}

/** The same obligations under the clock that the policy names, and under both readings of the start (promise rule 4). */
export interface SharesByClock {
  readonly counts: Shares;
  readonly release: Shares;
  readonly releaseAndKnown: Shares;
}

const LEVELS: readonly SeverityLevel[] = ['critical', 'high', 'medium', 'low'];

type StandingUnder = (obligation: Obligation, start: Policy['clock']['start']) => Standing;

/** Where both readings are one and the same reading, nobody has to judge again. */
export function sharesByClock(obligations: readonly Obligation[], under: StandingUnder): SharesByClock {
  const by = (start: Policy['clock']['start'], key: keyof Obligation['clocks']): Shares =>
    sharesOf(obligations, (each) => (each.clocks[key] === each.clock ? each.standing : under(each, start)));
  return {
    counts: sharesOf(obligations),
    release: by('release', 'release'),
    releaseAndKnown: by('release-and-known', 'releaseAndKnown'),
  };
}

/** As they stand, or as they would stand. */
export function sharesOf(
  obligations: readonly Obligation[],
  standingOf: (each: Obligation) => Standing = ({ standing }) => standing,
): Shares {
  const told = obligations.map((each) => ({ level: each.severity.level, standing: standingOf(each) }));
  const share = (level: SeverityLevel): Share => shareOf(told.filter((each) => each.level === level));
  const [critical, high, medium, low] = LEVELS.map(share) as [Share, Share, Share, Share];
  return { all: shareOf(told), bySeverity: { critical, high, medium, low } };
}

function shareOf(told: readonly { readonly standing: Standing }[]): Share {
  const count = (standing: Standing): number => told.filter((each) => each.standing === standing).length;
  const [met, missed, overdue] = [count('met'), count('missed'), count('overdue')];
  const due = met + missed + overdue;
  return { met, missed, overdue, due, percent: due === 0 ? null : metPercent(met, due, 2) };
}
