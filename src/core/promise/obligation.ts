import { claimOf, type StrandStanding } from './claim.ts';
import { clockOf } from './clock.ts';
import { combineByStart, type ByStart } from './combine.ts';
import { inForce, type Exception } from './exceptions.ts';
import { FOREVER, instantOf, millisOf, type Millis } from './instant.ts';
import type { LineHistory } from './history.ts';
import type { Pair } from './pair.ts';
import { partOf } from './part.ts';
import type { PolicyAt } from './policy-in-force.ts';
import type { Policy } from './policy.ts';
import type { Rating } from './rating.ts';
import type { Obligation } from './standing.ts';
import type { Strand } from './strand.ts';
import type { Vulnerability } from './vulnerability.ts';

/** The instant of judgement, and by which policies. */
export interface Judgement {
  readonly now: Millis;
  readonly policyAt: PolicyAt;
  readonly ratingOf: (vulnerability: Vulnerability) => Rating;
  /** The reading of the start that is asked for, in place of the one that each policy names. */
  readonly start?: Policy['clock']['start'];
}

/** Promise rule 1: a pair's obligation as it stands at `now`; null when the line never held the flaw. */
export function obligationFrom(
  strands: readonly Strand[],
  { id, vulnerability, line }: Pair,
  judgement: Judgement,
): Obligation | null {
  if (strands.length === 0) return null;
  const claims = claimsOf(strands.map((strand) => standingOf(strand, line, judgement)));
  const { counts, release, releaseAndKnown } = combineByStart(claims.map(({ byStart }) => byStart));
  const { level, by, exploited } = judgement.ratingOf(vulnerability);
  const exceptions = strands.flatMap((strand) => strand.exceptions);
  const endedOrNow = Math.min(judgement.now, counts.t1 ?? FOREVER);
  return {
    id,
    vulnerability: vulnerability.smallest,
    aliases: vulnerability.aliases,
    summary: summaryOf(vulnerability),
    line: line.line,
    severity: { level, by },
    exploited,
    standing: counts.standing,
    clock: clockOf(counts),
    clocks: { release: clockOf(release), releaseAndKnown: clockOf(releaseAndKnown) },
    claims: claims.map(({ standings, byStart }) => claimOf(standings, byStart)),
    discoveredAt: instantOf(Math.min(...strands.map(({ discoveredAt }) => discoveredAt))),
    waiver: shown(exceptions, 'waiver', endedOrNow),
    hold: shown(exceptions, 'hold', endedOrNow),
  };
}

function standingOf(strand: Strand, line: LineHistory, judgement: Judgement): StrandStanding {
  const { policyAt, now } = judgement;
  const release = partOf(strand, { line, kind: 'release', now });
  const agree = strand.runs.release === strand.runs.releaseAndKnown;
  const releaseAndKnown = agree ? release : partOf(strand, { line, kind: 'releaseAndKnown', now });
  // Promise rule 4: the policy in force at T0 names the clock that counts; while waiting, the one in force now.
  const begun = strand.runs.release.findLast(({ t0 }) => t0 <= now);
  const start = judgement.start ?? (begun?.policy ?? policyAt(now)).clock.start;
  return { strand, release, releaseAndKnown, counts: start === 'release' ? release : releaseAndKnown };
}

interface ClaimStanding {
  readonly standings: readonly StrandStanding[];
  readonly byStart: ByStart;
}

function claimsOf(standings: readonly StrandStanding[]): readonly ClaimStanding[] {
  const byStream = Map.groupBy(
    standings,
    ({ strand }) => `${strand.exposed.upstream.ordinal} ${strand.exposed.stream}`,
  );
  return [...byStream.values()].map((each) => ({ standings: each, byStart: combineByStart(each) }));
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
