import type { FactOf } from '../core/fact.ts';
import { isOpen, type Obligation } from '../core/promise/standing.ts';

export type Stage = 'look' | 'match' | 'person' | 'decide' | 'build' | 'test' | 'publish';

/** The stages in the order in which they usually come. */
export const stages: readonly Stage[] = ['look', 'match', 'person', 'decide', 'build', 'test', 'publish'];

/** What tells the stages of one obligation. */
export interface StageFacts {
  /** The release that fixes it. */
  readonly release: FactOf<'release-observed'> | undefined;
  /** Of that release. */
  readonly builds: readonly FactOf<'package-built'>[];
  /** Of its line. */
  readonly published: readonly FactOf<'image-published'>[];
  /** About its line, or about a recipe that the builds are of. */
  readonly reviews: readonly FactOf<'review-decided'>[];
}

/** `waiting`: it is not finished, and no fact tells of anything yet that came after the stage before. */
export interface StagePiece {
  readonly stage: Stage | 'waiting';
  /** Seconds since 1970, as `to`. */
  readonly from: number;
  readonly to: number;
}

/**
 * The time of an obligation from its start to its stop, or to now, cut where a fact dates a milestone: each ends the stage
 * before it. No fact tells of an attempt that failed, so `decide` reaches to the build that succeeded.
 */
export function stagePieces(obligation: Obligation, facts: StageFacts, now: Temporal.Instant): readonly StagePiece[] {
  const { t0, t1 } = obligation.clock;
  if (t0 === null) return [];
  const [start, stop] = [secondsOf(t0), secondsOf(t1 ?? now)];
  const isRunning = isOpen(obligation.standing) || t1 === null;
  const milestones: { readonly stage: StagePiece['stage']; readonly at: number }[] = milestonesOf(obligation, facts, {
    start,
    stop,
  }).sort((a, b) => a.at - b.at || stages.indexOf(a.stage) - stages.indexOf(b.stage));
  milestones.push({ stage: isRunning ? 'waiting' : 'publish', at: stop });
  let from = start;
  return milestones.map(({ stage, at }) => {
    const piece = { stage, from, to: Math.max(from, at) };
    from = piece.to;
    return piece;
  });
}

/** Which of an obligation's claims tells when it began: by its release the stages are told. */
export function leadingClaim({ claims, clock }: Obligation): Obligation['claims'][number] | undefined {
  const at = clock.t0?.epochMilliseconds;
  return claims.find((each) => each.clock.t0?.epochMilliseconds === at) ?? claims[0];
}

/** Whole seconds since 1970: pieces that are rounded apart would not add up. */
export function secondsOf(instant: Temporal.Instant): number {
  return Math.floor(instant.epochMilliseconds / 1000);
}

function milestonesOf(
  { discoveredAt }: Obligation,
  { release, builds, published, reviews }: StageFacts,
  { start, stop }: { readonly start: number; readonly stop: number },
): { readonly stage: Stage; readonly at: number }[] {
  const milestones: { readonly stage: Stage; readonly at: number }[] = [];
  const add = (stage: Stage, at: number): void => {
    if (at <= stop) milestones.push({ stage, at });
  };
  add('match', secondsOf(discoveredAt));
  if (release !== undefined) add('look', secondsOf(release.recordedAt));
  for (const review of reviews) if (secondsOf(review.recordedAt) > start) add('person', secondsOf(review.recordedAt));
  if (builds[0] !== undefined) {
    add('decide', secondsOf(builds[0].at.from));
    add('build', Math.max(...builds.map(({ recordedAt }) => secondsOf(recordedAt))));
  }
  const last = published.findLast(({ recordedAt }) => secondsOf(recordedAt) <= stop);
  if (last !== undefined && secondsOf(last.recordedAt) > start) add('test', secondsOf(last.recordedAt));
  return milestones;
}
