import type { Fact, FactOf, FactType } from '../core/fact.ts';
import type { EndedRun } from '../core/forecast/stage-durations.ts';
import type { StepKind } from '../core/plan/step.ts';
import type { Obligation } from '../core/promise/standing.ts';
import type { Why } from './row.ts';
import { leadingClaim, secondsOf, type Stage, type StageFacts, type StagePiece, stagePieces } from './stage-pieces.ts';

/** A piece of the time between the start of the clock and its end (or now). The pieces add up to the whole. */
export interface Phase {
  readonly name: PhaseName;
  readonly seconds: number;
}

/** `between`: nothing ran, and nobody else had to move; `waiting`: it is not finished, and nothing tells of it yet. */
type PhaseName = Stage | 'upstream' | 'between' | 'waiting';

/** What is known beside the facts: runs of its recipes and line, and why it stood where it stood, each since when. */
export interface HoursKnown {
  readonly now: Temporal.Instant;
  readonly runs?: readonly EndedRun[];
  readonly reasons?: readonly (Why & { readonly from: Temporal.Instant })[];
}

interface Span {
  readonly name: PhaseName;
  readonly from: number;
  readonly to: number;
}

/**
 * Where the hours of one obligation went; empty while the clock has not started. What ran explains an instant first, then
 * looking and matching, then whom it waited for; where no run is known, the facts alone cut it into stages, as in a report.
 */
export function hours(obligation: Obligation, facts: readonly Fact[], known: HoursKnown): readonly Phase[] {
  const { t0, t1 } = obligation.clock;
  if (t0 === null) return [];
  const [start, end] = [secondsOf(t0), secondsOf(t1 ?? known.now)];
  const ran = (known.runs ?? []).map(runSpan).filter(({ from, to }) => to > start && from < end);
  const reached = stageSpans(stagePieces(obligation, stageFactsIn(obligation, facts), known.now));
  const layers = [
    ran,
    reached.filter(({ name }) => name === 'look' || name === 'match'),
    reasonSpans(known.reasons ?? [], end),
    ran.length === 0 ? reached : [],
  ];
  return sweep(layers, start, end);
}

/** Each instant goes to the first layer that covers it; neighbours of one name are one piece. */
function sweep(layers: readonly (readonly Span[])[], start: number, end: number): readonly Phase[] {
  const edges = layers.flat().flatMap(({ from, to }) => [from, to]);
  const cuts = [...new Set([start, end, ...edges])].filter((at) => at >= start && at <= end).sort((a, b) => a - b);
  const phases: Phase[] = [];
  for (const [index, from] of cuts.entries()) {
    const to = cuts[index + 1];
    if (to === undefined) break;
    const covering = layers.map((spans) => spans.findLast((span) => span.from <= from && span.to >= to));
    const name = covering.find((span) => span !== undefined)?.name ?? 'between';
    const last = phases.at(-1);
    if (last?.name === name) phases[phases.length - 1] = { name, seconds: last.seconds + to - from };
    else phases.push({ name, seconds: to - from });
  }
  return phases;
}

const KINDS: Readonly<Record<StepKind, PhaseName>> = {
  'propose-change': 'decide',
  'merge-change': 'decide',
  'import-packages': 'build',
  'build-package': 'build',
  'compose-image': 'publish',
  'verify-image': 'test',
  'publish-image': 'publish',
  'confirm-image': 'publish',
  'attach-receipts': 'publish',
};

function stageSpans(pieces: readonly StagePiece[]): readonly Span[] {
  return pieces.map(({ stage, from, to }) => ({ name: stage, from, to }));
}

function runSpan({ kind, from, to }: EndedRun): Span {
  return { name: KINDS[kind], from: secondsOf(from), to: secondsOf(to) };
}

function reasonSpans(reasons: NonNullable<HoursKnown['reasons']>, end: number): readonly Span[] {
  return reasons.flatMap(({ who, from }, index) => {
    if (who !== 'person' && who !== 'upstream') return [];
    const next = reasons[index + 1];
    return [{ name: who, from: secondsOf(from), to: next === undefined ? end : secondsOf(next.from) }];
  });
}

/** Those of all facts that tell the stages of an obligation. */
function stageFactsIn(obligation: Obligation, facts: readonly Fact[]): StageFacts {
  const claim = leadingClaim(obligation);
  const fix = claim?.fix ?? null;
  const of = <T extends FactType>(type: T) => facts.filter((fact): fact is FactOf<T> & Fact => fact.type === type);
  const builds = of('package-built').filter(
    ({ payload }) => payload.upstream === claim?.upstream && payload.upstreamVersion === fix?.version,
  );
  const subjects = new Set([obligation.line, ...builds.map(({ payload }) => payload.recipe)]);
  return {
    release: of('release-observed').find(({ id }) => id === fix?.fact),
    builds,
    published: of('image-published').filter(({ payload }) => payload.line === obligation.line),
    reviews: of('review-decided').filter(({ payload }) => subjects.has(payload.subject)),
  };
}
