import { clockOf } from './clock.ts';
import { combine, type ByStart } from './combine.ts';
import type { Exposure } from './exposure.ts';
import { FOREVER, instantOf } from './instant.ts';
import { invariant } from '../invariant.ts';
import type { ArchitectureClock, Claim } from './standing.ts';
import type { Strand } from './strand.ts';

/** A strand with how it stands. */
export interface StrandStanding extends ByStart {
  readonly strand: Strand;
}

/** Promise rule 1: (vulnerability, line, upstream stream of the flawed component), over all records and architectures. */
export function claimOf(standings: readonly StrandStanding[], { counts }: ByStart): Claim {
  const { exposed } = firstOf(standings);
  const components = standings.flatMap(({ strand }) => [...strand.exposed.components]);
  return {
    upstream: exposed.upstream.upstream,
    stream: exposed.stream,
    standing: counts.standing,
    clock: clockOf(counts),
    versions: distinct(components.map(({ component }) => component.version)),
    packages: distinct(components.map(({ component }) => component.package)),
    fix: counts.fix,
    endedBy: counts.endedBy,
    architectures: [...Map.groupBy(standings, ({ strand }) => strand.architecture).values()].map(architectureClock),
  };
}

function architectureClock(standings: readonly StrandStanding[]): ArchitectureClock {
  const counts = combine(standings.map((each) => each.counts));
  return {
    architecture: firstOf(standings).architecture,
    standing: counts.standing,
    clock: clockOf(counts),
    exposures: exposuresOf(standings.map(({ strand }) => strand)),
  };
}

/** Records that agree on an exposure show it once. */
function exposuresOf([first, ...others]: readonly Strand[]): ArchitectureClock['exposures'] {
  const exposures = first?.exposed.exposures.map(shown) ?? [];
  for (const exposure of others.flatMap(({ exposed }) => exposed.exposures.map(shown))) {
    const { fromFact, toFact } = exposure;
    if (!exposures.some((each) => each.fromFact === fromFact && each.toFact === toFact)) exposures.push(exposure);
  }
  return exposures;
}

function shown({ from, to, openedBy, closedBy }: Exposure): ArchitectureClock['exposures'][number] {
  return {
    from: instantOf(from),
    to: to === FOREVER ? null : instantOf(to),
    fromFact: openedBy.fact,
    toFact: closedBy?.fact ?? null,
  };
}

function firstOf([first]: readonly StrandStanding[]): Strand {
  invariant(first !== undefined, 'a claim has at least one strand');
  return first.strand;
}

function distinct(texts: readonly string[]): readonly string[] {
  return [...new Set(texts)].toSorted();
}
