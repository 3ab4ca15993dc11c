import type { Fact } from '../core/fact.ts';
import type { EndedRun } from '../core/forecast/stage-durations.ts';
import type { StepKind } from '../core/plan/step.ts';
import { isOpen, type Obligation } from '../core/promise/standing.ts';
import type { Why } from './row.ts';

/** A piece of the time between the start of the clock and its end (or now). The pieces add up to the whole. */
export interface Phase {
  readonly name: PhaseName;
  readonly seconds: number;
}

/** `between`: nothing ran, and nobody else had to move; `waiting`: the log of steps does not reach back so far. */
type PhaseName =
  | 'look'
  | 'match'
  | 'decide'
  | 'build'
  | 'test'
  | 'publish'
  | 'confirm'
  | 'person'
  | 'upstream'
  | 'between'
  | 'waiting';

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
 * looking and matching, then whom it waited for; where no run is known, the facts alone say what was reached when.
 */
export function hours(obligation: Obligation, facts: readonly Fact[], known: HoursKnown): readonly Phase[] {
  const { t0, t1 } = obligation.clock;
  if (t0 === null) return [];
  const [start, end] = [seconds(t0), seconds(t1 ?? known.now)];
  const ran = (known.runs ?? []).map(runSpan).filter(({ from, to }) => to > start && from < end);
  const reached = reachedSpans(obligation, facts, { start, end });
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
  'confirm-image': 'confirm',
  'attach-receipts': 'publish',
};

function runSpan({ kind, from, to }: EndedRun): Span {
  return { name: KINDS[kind], from: seconds(from), to: seconds(to) };
}

function reasonSpans(reasons: NonNullable<HoursKnown['reasons']>, end: number): readonly Span[] {
  return reasons.flatMap(({ who, from }, index) => {
    if (who !== 'person' && who !== 'upstream') return [];
    const next = reasons[index + 1];
    return [{ name: who, from: seconds(from), to: next === undefined ? end : seconds(next.from) }];
  });
}

/** What facts say was reached when: each piece ends with what it is named after. */
function reachedSpans(
  obligation: Obligation,
  facts: readonly Fact[],
  { start, end }: { readonly start: number; readonly end: number },
): readonly Span[] {
  const isRunning = isOpen(obligation.standing) || obligation.clock.t1 === null;
  const milestones = [
    ...milestonesOf(obligation, facts).filter(({ at }) => at > start && at < end),
    { name: isRunning ? ('waiting' as const) : ('confirm' as const), at: end },
  ].sort((a, b) => a.at - b.at);
  return milestones.map(({ name, at }, index) => ({ name, from: milestones[index - 1]?.at ?? start, to: at }));
}

function milestonesOf(obligation: Obligation, facts: readonly Fact[]) {
  const { t0 } = obligation.clock;
  const claim = obligation.claims.find((each) => t0 !== null && each.clock.t0?.equals(t0)) ?? obligation.claims[0];
  const found = facts.flatMap((fact): readonly { readonly name: PhaseName; readonly at: number }[] => {
    const at = seconds(fact.recordedAt);
    if (fact.type === 'release-observed' && fact.id === claim?.fix?.fact) return [{ name: 'look', at }];
    if (
      fact.type === 'package-built' &&
      fact.payload.upstream === claim?.upstream &&
      fact.payload.upstreamVersion === claim.fix?.version
    ) {
      return [{ name: 'build', at }];
    }
    if (fact.type === 'image-published' && fact.payload.line === obligation.line) return [{ name: 'publish', at }];
    return [];
  });
  return [...found, { name: 'match' as const, at: seconds(obligation.discoveredAt) }];
}

/** Whole seconds: pieces that are rounded apart would not add up. */
function seconds(instant: Temporal.Instant): number {
  return Math.floor(instant.epochMilliseconds / 1000);
}
