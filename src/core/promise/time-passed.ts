import { isOpen, type ArchitectureClock, type Claim, type Clock, type Obligation, type Standing } from './standing.ts';

/**
 * An obligation as it was projected, seen at a later `now` with no new fact in between: deadlines pass and waivers
 * expire by themselves. What else time brings about (the end of a support or of a stream) the next tick projects.
 */
export function timePassed(obligation: Obligation, now: Temporal.Instant): Obligation {
  const standing = standingAt(obligation, now);
  // What ended otherwise (a statement, a rejection) has a deadline and no end by a fix: no miss comes of that.
  if (!runsOn(obligation) || (standing === obligation.standing && !deadlinePassed(obligation.clock, now)))
    return obligation;
  return {
    ...obligation,
    standing,
    clock: clockAt(obligation.clock, now),
    clocks: {
      release: clockAt(obligation.clocks.release, now),
      releaseAndKnown: clockAt(obligation.clocks.releaseAndKnown, now),
    },
    claims: obligation.claims.map((claim) => partAt(claim, now)).map((claim) => architecturesAt(claim, now)),
  };
}

/** Until when a waiver keeps an open obligation out; null when none does. What ended under a waiver stays as it ended. */
export function waivedUntil({ standing, waiver, claims }: Obligation): Temporal.Instant | null {
  if (standing !== 'excluded' || waiver === null) return null;
  return claims.some((claim) => claim.endedBy === null) ? waiver.until : null;
}

function runsOn({ standing, clock }: Obligation): boolean {
  return isOpen(standing) || (standing === 'excluded' && clock.t1 === null);
}

function standingAt(obligation: Obligation, now: Temporal.Instant): Standing {
  const { standing, clock } = obligation;
  if (standing === 'on-track') return isPast(clock.due, now) ? 'overdue' : 'on-track';
  const until = waivedUntil(obligation);
  if (until === null || Temporal.Instant.compare(now, until) < 0) return standing;
  if (clock.due === null) return 'waiting';
  return clock.missedAt !== null || isPast(clock.due, now) ? 'overdue' : 'on-track';
}

/** Claims and their architectures change alike. */
function partAt<T extends Claim | ArchitectureClock>(part: T, now: Temporal.Instant): T {
  if (part.standing !== 'on-track' || !isPast(part.clock.due, now)) return part;
  return { ...part, standing: 'overdue', clock: clockAt(part.clock, now) };
}

function architecturesAt(claim: Claim, now: Temporal.Instant): Claim {
  return { ...claim, architectures: claim.architectures.map((architecture) => partAt(architecture, now)) };
}

function clockAt(clock: Clock, now: Temporal.Instant): Clock {
  return deadlinePassed(clock, now) ? { ...clock, missedAt: clock.due } : clock;
}

/** The miss is latched at the deadline itself: from there on it was open after it. */
function deadlinePassed(clock: Clock, now: Temporal.Instant): boolean {
  return clock.t1 === null && clock.missedAt === null && isPast(clock.due, now);
}

/** Exactly at the deadline is in time (promise.md, rule 5: kept iff T1 <= D). */
function isPast(due: Temporal.Instant | null, now: Temporal.Instant): boolean {
  return due !== null && Temporal.Instant.compare(now, due) > 0;
}
