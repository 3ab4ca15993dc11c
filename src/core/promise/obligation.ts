import { claimOf, type StrandStanding } from './claim.ts';
import { clockOf } from './clock.ts';
import { combine } from './combine.ts';
import { inForce, type Exception } from './exceptions.ts';
import { instantOf, millisOf, type Millis } from './instant.ts';
import { obligationId } from './obligation-id.ts';
import type { Pair } from './pair.ts';
import { partOf } from './part.ts';
import type { PolicyAt } from './policy-in-force.ts';
import { ratingAt } from './rating.ts';
import type { Obligation } from './standing.ts';
import type { Strand, Timeline } from './timeline.ts';
import type { Vulnerability } from './vulnerability.ts';

interface Asked {
  readonly timeline: Timeline;
  readonly policyAt: PolicyAt;
  readonly now: Millis;
}

/** Promise rule 1: a pair's obligation as it stands at `now`; null when the line never held the flaw. */
export function obligationAt({ vulnerability, line }: Pair, asked: Asked): Obligation | null {
  const { timeline, policyAt, now } = asked;
  if (timeline.strands.length === 0) return null;
  const claims = [...Map.groupBy(standingsOf(line, asked), claimKey).values()].map(claimOf);
  const whole = combine(claims.map(({ counts }) => counts));
  const rating = ratingAt(vulnerability.records, now, policyAt(now));
  const exceptions = timeline.strands.flatMap((strand) => strand.exceptions);
  return {
    id: obligationId(vulnerability.smallest, line.line),
    vulnerability: vulnerability.smallest,
    aliases: vulnerability.ids.filter((id) => id !== vulnerability.smallest),
    summary: summaryOf(vulnerability),
    line: line.line,
    severity: { level: rating?.level ?? policyAt(now).severity.unscored, by: rating?.by ?? null },
    exploited: rating?.exploited ?? false,
    standing: whole.standing,
    clock: clockOf(whole),
    clocks: {
      release: clockOf(combine(claims.map(({ release }) => release))),
      releaseAndKnown: clockOf(combine(claims.map(({ releaseAndKnown }) => releaseAndKnown))),
    },
    claims: claims.map(({ claim }) => claim),
    discoveredAt: instantOf(Math.min(...timeline.strands.map(({ discoveredAt }) => discoveredAt))),
    waiver: shown(exceptions, 'waiver', Math.min(now, whole.t1 ?? now)),
    hold: shown(exceptions, 'hold', Math.min(now, whole.t1 ?? now)),
  };
}

function standingsOf(line: Pair['line'], { timeline, policyAt, now }: Asked): readonly StrandStanding[] {
  return timeline.strands.map((strand) => {
    const release = partOf(strand, { line, kind: 'release', now });
    const releaseAndKnown = partOf(strand, { line, kind: 'releaseAndKnown', now });
    const counts = startsWithRelease(strand, policyAt, now) ? release : releaseAndKnown;
    return { strand, release, releaseAndKnown, counts };
  });
}

/** Promise rule 4: the policy in force at T0 names the clock that counts; while waiting, the one in force now. */
function startsWithRelease(strand: Strand, policyAt: PolicyAt, now: Millis): boolean {
  const run = strand.runs.release.findLast(({ t0 }) => t0 <= now);
  return (run?.policy ?? policyAt(now)).clock.start === 'release';
}

function claimKey({ strand }: StrandStanding): string {
  return `${strand.upstream.ordinal} ${strand.stream}`;
}

function summaryOf({ records, smallest }: Vulnerability): string {
  const own = records.toSorted((a, b) => Number(b.id === smallest) - Number(a.id === smallest));
  return own.map(({ versions }) => versions.at(-1)?.says.summary ?? '').find((summary) => summary !== '') ?? '';
}

function shown(exceptions: readonly Exception[], kind: Exception['kind'], at: Millis): Obligation['waiver'] {
  const granted = inForce(exceptions, kind, at);
  if (granted === undefined) return null;
  const { approver, reason, until } = granted;
  return { approver, reason, until: instantOf(millisOf(until)) };
}
