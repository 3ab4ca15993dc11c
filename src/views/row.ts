import type { SeverityLevel } from '../core/match/advisory.ts';
import type { Reason } from '../core/plan/step.ts';
import { isOpen } from '../core/promise/standing.ts';
import type { Clock, Obligation, Standing } from '../core/promise/standing.ts';
import { secondsBetween, spellLeft, spellMargin } from './durations.ts';
import type { RowForecast } from './forecast.ts';
import type { Shown } from './shown.ts';
import { shownAs } from './shown.ts';

/** One obligation as a row of a board or page. */
export interface Row {
  readonly id: string;
  readonly vulnerability: string;
  readonly aliases: readonly string[];
  readonly summary: string;
  readonly line: string;
  readonly severity: SeverityLevel;
  /** Who rates it: "vendor, CVSS 9.1", or that nobody does. */
  readonly severityBy: string;
  readonly exploited: boolean;
  readonly standing: Standing;
  readonly shown: Shown;
  readonly clock: Clock;
  /** Until the deadline; negative when it has passed; null when no clock runs. */
  readonly leftSeconds: number | null;
  /** Share of the time from start to deadline that is used, 0 to 1; null when no clock runs. */
  readonly usedShare: number | null;
  /** "3 h 12 m left", "met, 46 h 52 m to spare", "clock not started". */
  readonly time: string;
  readonly packages: readonly string[];
  /** Names and versions of the releases with the fix: "openssl 3.0.18". */
  readonly fixes: readonly string[];
  /** Why it stands where it stands, and who can move it. */
  readonly reason: Why;
  /** When it is expected to end; null where no clock runs, or nobody forecast. */
  readonly forecast: RowForecast | null;
}

export type Why = Pick<Reason, 'who' | 'text'>;

/** Less than this share of the time left makes an obligation at-risk. */
const AT_RISK_SHARE = 0.25;

export function rowOf(obligation: Obligation, now: Temporal.Instant, reason?: Why): Row {
  const { clock, severity } = obligation;
  const running = isOpen(obligation.standing) && clock.due !== null;
  const leftSeconds = running && clock.due !== null ? secondsBetween(now, clock.due) : null;
  const usedShare = leftSeconds === null ? null : shareUsed(clock, leftSeconds);
  const shown = shownStanding(obligation.standing, usedShare);
  return {
    id: obligation.id,
    vulnerability: obligation.vulnerability,
    aliases: obligation.aliases,
    summary: obligation.summary,
    line: obligation.line,
    severity: severity.level,
    severityBy: ratedBy(obligation),
    exploited: obligation.exploited,
    standing: obligation.standing,
    shown,
    clock,
    leftSeconds,
    usedShare,
    time: timeWords(obligation, leftSeconds),
    packages: [...new Set(obligation.claims.flatMap((claim) => claim.packages))],
    fixes: [...new Set(obligation.claims.flatMap((claim) => fixOf(claim)))],
    reason: reasonOf(obligation, now, reason),
    forecast: null,
  };
}

/** The last name of a purl without version: `pkg:generic/openssl` is openssl. */
export function shortName(upstream: string): string {
  return upstream.slice(upstream.lastIndexOf('/') + 1);
}

function shareUsed(clock: Clock, leftSeconds: number): number {
  if (clock.t0 === null || clock.due === null) return 0;
  const total = secondsBetween(clock.t0, clock.due);
  return total <= 0 ? 1 : Math.min(1, Math.max(0, 1 - leftSeconds / total));
}

function shownStanding(standing: Standing, usedShare: number | null): Shown {
  return standing === 'on-track' && usedShare !== null && 1 - usedShare < AT_RISK_SHARE ? 'at-risk' : standing;
}

function ratedBy(obligation: Obligation): string {
  const by = obligation.severity.by;
  if (by === null) return 'rated by nobody yet';
  return by.score === null ? by.source : `${by.source}, CVSS ${by.score.toFixed(1)}`;
}

function timeWords(obligation: Obligation, leftSeconds: number | null): string {
  const { standing, clock } = obligation;
  if (leftSeconds !== null) return spellLeft(leftSeconds);
  if (standing === 'waiting') return 'clock not started';
  if ((standing === 'met' || standing === 'missed') && clock.marginSeconds !== null) {
    return spellMargin(clock.marginSeconds);
  }
  return shownAs[standing].word;
}

function fixOf(claim: Obligation['claims'][number]): readonly string[] {
  return claim.fix === null ? [] : [`${shortName(claim.upstream)} ${claim.fix.version}`];
}

/** What ended is moved by nobody any more: what kept it open at its deadline is told as what was said then. */
function reasonOf(obligation: Obligation, now: Temporal.Instant, reason: Why | undefined): Why {
  if (reason === undefined) return ownReason(obligation, now);
  if (isOpen(obligation.standing)) return withHold(reason, obligation, now);
  return { who: 'nobody', text: `said when its deadline passed: ${reason.text}` };
}

/** A hold is told beside what the plan says: it changes neither. */
function withHold(reason: Why, { hold }: Obligation, now: Temporal.Instant): Why {
  if (hold === null || Temporal.Instant.compare(now, hold.until) >= 0) return reason;
  return { ...reason, text: `${reason.text}; held by ${hold.approver} until ${lastDayOf(hold.until)}: ${hold.reason}` };
}

/** The last day of something that ends at an instant. */
export function lastDayOf(until: Temporal.Instant): string {
  return until.subtract({ seconds: 1 }).toString().slice(0, 'yyyy-mm-dd'.length);
}

/** What the obligation itself can say when the plan says nothing about it. */
function ownReason(obligation: Obligation, now: Temporal.Instant): Why {
  const { hold, waiver, standing } = obligation;
  if (isOpen(standing) && hold !== null && Temporal.Instant.compare(now, hold.until) < 0) {
    return { who: 'person', text: `held by ${hold.approver}: ${hold.reason}` };
  }
  if (standing === 'excluded' && waiver !== null) {
    return { who: 'person', text: `waived by ${waiver.approver}: ${waiver.reason}` };
  }
  if (standing === 'waiting') {
    const names = [...new Set(obligation.claims.map((claim) => shortName(claim.upstream)))];
    return { who: 'upstream', text: `no release of ${names.join(', ') || 'upstream'} has the fix yet` };
  }
  if (standing === 'on-track' || standing === 'overdue') {
    return { who: 'machine', text: 'no step is planned yet: the next tick decides' };
  }
  return { who: 'nobody', text: shownAs[standing].means };
}
