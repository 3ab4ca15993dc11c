import type { FactOf } from '../../core/fact.ts';
import type { Obligation } from '../../core/promise/standing.ts';
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
  const [start, stop] = [t0.epochMilliseconds, t1.epochMilliseconds];
  const milestones = milestonesOf(obligation, ledger, { start, stop }).filter(({ at }) => at <= stop);
  milestones.sort((a, b) => a.at - b.at || stages.indexOf(a.stage) - stages.indexOf(b.stage));
  milestones.push({ stage: 'publish', at: stop });
  let from = start;
  return milestones.map(({ stage, at }) => {
    const seconds = Math.floor(Math.max(0, at - from) / 1000);
    from = Math.max(from, at);
    return { stage, seconds };
  });
}

/** In milliseconds since 1970: tens of thousands of rows are compared. */
interface Milestone {
  readonly stage: Stage;
  readonly at: number;
}

function milestonesOf(
  { claims, clock, discoveredAt, line }: Obligation,
  ledger: ReportLedger,
  { start, stop }: { readonly start: number; readonly stop: number },
): Milestone[] {
  const claim = claims.find((each) => each.clock.t0?.epochMilliseconds === clock.t0?.epochMilliseconds) ?? claims[0];
  const fix = claim?.fix ?? null;
  const builds =
    fix === null || claim === undefined ? NONE : (ledger.builds.get(buildKey(claim.upstream, fix.version)) ?? NONE);
  const release = fix === null ? undefined : ledger.releases.get(fix.fact);
  const published = ledger.published.get(line)?.findLast((each) => millisOf(each) <= stop);
  const subjects = [line, ...new Set(builds.map(({ payload }) => payload.recipe))];
  const milestones: Milestone[] = [{ stage: 'match', at: discoveredAt.epochMilliseconds }];
  const add = (stage: Stage, at: number): void => void milestones.push({ stage, at });
  if (release !== undefined) add('look', millisOf(release));
  for (const review of subjects.flatMap((each) => ledger.reviews.get(each) ?? []))
    if (millisOf(review) > start) add('person', millisOf(review));
  if (builds[0] !== undefined) {
    add('decide', builds[0].at.from.epochMilliseconds);
    add('build', Math.max(...builds.map(millisOf)));
  }
  if (published !== undefined && millisOf(published) > start) add('test', millisOf(published));
  return milestones;
}

const NONE: readonly FactOf<'package-built'>[] = [];

function millisOf({ recordedAt }: { readonly recordedAt: Temporal.Instant }): number {
  return recordedAt.epochMilliseconds;
}

/** Nearest rank: the smallest value that the share of all does not exceed. */
function rank(sorted: readonly number[], share: number): number | null {
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? null;
}
