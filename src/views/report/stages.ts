import type { FactOf } from '../../core/fact.ts';
import type { Obligation } from '../../core/promise/standing.ts';
import { secondsBetween } from '../durations.ts';
import { buildKey, type ReportLedger } from './fold.ts';

export type Stage = 'look' | 'match' | 'person' | 'decide' | 'build' | 'test' | 'publish';

/** The stages in the order in which they usually come. */
export const stages: readonly Stage[] = ['look', 'match', 'person', 'decide', 'build', 'test', 'publish'];

/** How long a stage took over all obligations of which the facts tell it. */
export interface StageTime {
  readonly stage: Stage;
  /** Of so many obligations do the facts tell it. */
  readonly count: number;
  /** Nearest rank; null where no fact tells it. */
  readonly medianSeconds: number | null;
  readonly p90Seconds: number | null;
}

/** Of what a fix ended after its clock had started: the pieces of each add up to the time from start to stop. */
export function stageTimes(obligations: readonly Obligation[], ledger: ReportLedger): readonly StageTime[] {
  const pieces = obligations.flatMap((each) => piecesOf(each, ledger));
  return stages.map((stage) => {
    const seconds = pieces.filter((piece) => piece.stage === stage).map((piece) => piece.seconds);
    seconds.sort((a, b) => a - b);
    return { stage, count: seconds.length, medianSeconds: rank(seconds, 0.5), p90Seconds: rank(seconds, 0.9) };
  });
}

export interface Piece {
  readonly stage: Stage;
  readonly seconds: number;
}

/** Each milestone that a fact dates ends the stage before it. */
export function piecesOf(obligation: Obligation, ledger: ReportLedger): readonly Piece[] {
  const { t0, t1 } = obligation.clock;
  if (t0 === null || t1 === null) return [];
  const between = (at: Temporal.Instant): boolean => Temporal.Instant.compare(at, t1) <= 0;
  const milestones = milestonesOf(obligation, ledger, t0).filter(({ at }) => between(at));
  milestones.sort((a, b) => Temporal.Instant.compare(a.at, b.at) || stages.indexOf(a.stage) - stages.indexOf(b.stage));
  let from = t0;
  return [...milestones, { stage: 'publish' as const, at: t1 }].map(({ stage, at }) => {
    const seconds = Math.max(0, secondsBetween(from, at));
    if (Temporal.Instant.compare(at, from) > 0) from = at;
    return { stage, seconds };
  });
}

interface Milestone {
  readonly stage: Stage;
  readonly at: Temporal.Instant;
}

function milestonesOf(obligation: Obligation, ledger: ReportLedger, t0: Temporal.Instant): Milestone[] {
  const claim = obligation.claims.find((each) => each.clock.t0?.equals(t0)) ?? obligation.claims[0];
  const fix = claim?.fix ?? null;
  const release = fix === null ? undefined : ledger.releases.get(fix.fact);
  const key = fix === null || claim === undefined ? '' : buildKey(claim.upstream, fix.version);
  const builds = ledger.builds.get(key) ?? [];
  const built = latest(builds.map(({ recordedAt }) => recordedAt));
  const published = (ledger.published.get(obligation.line) ?? []).findLast(
    ({ recordedAt }) => obligation.clock.t1 !== null && Temporal.Instant.compare(recordedAt, obligation.clock.t1) <= 0,
  );
  const subjects = [obligation.line, ...new Set(builds.map(({ payload }) => payload.recipe))];
  const reviews = subjects.flatMap((each) => ledger.reviews.get(each) ?? []);
  return [
    ...(release === undefined ? [] : [{ stage: 'look' as const, at: release.recordedAt }]),
    { stage: 'match', at: obligation.discoveredAt },
    ...reviews
      .filter((review) => isAfter(review, t0))
      .map(({ recordedAt }) => ({ stage: 'person' as const, at: recordedAt })),
    ...builds.slice(0, 1).map(({ at }) => ({ stage: 'decide' as const, at: at.from })),
    ...(built === undefined ? [] : [{ stage: 'build' as const, at: built }]),
    ...(published === undefined || !isAfter(published, t0)
      ? []
      : [{ stage: 'test' as const, at: published.recordedAt }]),
  ];
}

function isAfter({ recordedAt }: FactOf<'review-decided' | 'image-published'>, t0: Temporal.Instant): boolean {
  return Temporal.Instant.compare(recordedAt, t0) > 0;
}

function latest(instants: readonly Temporal.Instant[]): Temporal.Instant | undefined {
  return instants.toSorted((a, b) => Temporal.Instant.compare(a, b)).at(-1);
}

/** Nearest rank: the smallest value that the share of all does not exceed. */
function rank(sorted: readonly number[], share: number): number | null {
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? null;
}
