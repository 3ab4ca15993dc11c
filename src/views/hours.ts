import type { Fact } from '../core/fact.ts';
import type { Obligation } from '../core/promise/standing.ts';
import { isOpen } from '../core/promise/standing.ts';
import { secondsBetween } from './durations.ts';

/** A piece of the time between the start of the clock and its end (or now). The pieces add up to the whole. */
export interface Phase {
  readonly name: 'detect' | 'match' | 'build' | 'publish' | 'confirm' | 'waiting';
  readonly seconds: number;
}

/** Where the hours of one obligation went; empty while the clock has not started. */
export function hours(obligation: Obligation, facts: readonly Fact[], now: Temporal.Instant): readonly Phase[] {
  const { t0, t1 } = obligation.clock;
  if (t0 === null) return [];
  const open = isOpen(obligation.standing) || t1 === null;
  const end = t1 ?? now;
  const milestones: { readonly name: Phase['name']; readonly at: Temporal.Instant }[] = [
    ...milestonesOf(obligation, facts, t0, end),
    { name: open ? 'waiting' : 'confirm', at: end },
  ];
  let from = t0;
  const phases: Phase[] = [];
  for (const { name, at } of milestones) {
    const seconds = Math.max(0, secondsBetween(from, at));
    if (seconds > 0) phases.push({ name, seconds });
    if (Temporal.Instant.compare(at, from) > 0) from = at;
  }
  return phases;
}

function milestonesOf(obligation: Obligation, facts: readonly Fact[], t0: Temporal.Instant, end: Temporal.Instant) {
  const claim = obligation.claims.find((each) => each.clock.t0?.equals(t0)) ?? obligation.claims[0];
  const found = facts.flatMap((fact): readonly { readonly name: Phase['name']; readonly at: Temporal.Instant }[] => {
    if (fact.type === 'release-observed' && fact.id === claim?.fix?.fact) {
      return [{ name: 'detect', at: fact.recordedAt }];
    }
    if (
      fact.type === 'package-built' &&
      fact.payload.upstream === claim?.upstream &&
      fact.payload.upstreamVersion === claim.fix?.version
    ) {
      return [{ name: 'build', at: fact.recordedAt }];
    }
    if (fact.type === 'image-published' && fact.payload.line === obligation.line) {
      return [{ name: 'publish', at: fact.recordedAt }];
    }
    return [];
  });
  return [...found, { name: 'match' as const, at: obligation.discoveredAt }]
    .filter(({ at }) => Temporal.Instant.compare(at, t0) > 0 && Temporal.Instant.compare(at, end) < 0)
    .sort((a, b) => Temporal.Instant.compare(a.at, b.at));
}
