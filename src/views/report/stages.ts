import type { FactOf } from '../../core/fact.ts';
import type { Obligation } from '../../core/promise/standing.ts';
import { leadingClaim, type Stage, stagePieces, type StageFacts, stages } from '../stage-pieces.ts';
import { buildKey, type ReportLedger } from './fold.ts';

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
  readonly stage: string;
  readonly seconds: number;
}

/** None of what is still open: how long its stage takes is not known yet. */
export function piecesOf(obligation: Obligation, ledger: ReportLedger): readonly Piece[] {
  const { t1 } = obligation.clock;
  if (t1 === null) return [];
  const pieces = stagePieces(obligation, stageFactsOf(obligation, ledger), t1);
  return pieces.map(({ stage, from, to }) => ({ stage, seconds: to - from }));
}

/** What the ledger knows of an obligation's stages. */
export function stageFactsOf(obligation: Obligation, ledger: ReportLedger): StageFacts {
  const claim = leadingClaim(obligation);
  const fix = claim?.fix ?? null;
  const builds =
    fix === null || claim === undefined ? NONE : (ledger.builds.get(buildKey(claim.upstream, fix.version)) ?? NONE);
  const subjects = [obligation.line, ...new Set(builds.map(({ payload }) => payload.recipe))];
  return {
    release: fix === null ? undefined : ledger.releases.get(fix.fact),
    builds,
    published: ledger.published.get(obligation.line) ?? [],
    reviews: subjects.flatMap((each) => ledger.reviews.get(each) ?? []),
  };
}

const NONE: readonly FactOf<'package-built'>[] = [];

/** Nearest rank: the smallest value that the share of all does not exceed. */
function rank(sorted: readonly number[], share: number): number | null {
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? null;
}
