import { clockOf } from './clock.ts';
import { combine } from './combine.ts';
import { FOREVER, instantOf } from './instant.ts';
import { invariant } from '../invariant.ts';
import type { Part } from './part.ts';
import type { ArchitectureClock, Claim } from './standing.ts';
import type { Strand } from './timeline.ts';

/** A strand with how it stands under both readings of the start, and under the one that counts. */
export interface StrandStanding {
  readonly strand: Strand;
  readonly release: Part;
  readonly releaseAndKnown: Part;
  readonly counts: Part;
}

export interface ClaimStanding {
  readonly claim: Claim;
  readonly release: Part;
  readonly releaseAndKnown: Part;
  readonly counts: Part;
}

/** Promise rule 1: (vulnerability, line, upstream stream of the flawed component), over all records and architectures. */
export function claimOf(standings: readonly StrandStanding[]): ClaimStanding {
  const [first] = standings;
  invariant(first !== undefined, 'a claim has at least one strand');
  const counts = combine(standings.map((each) => each.counts));
  const components = standings.flatMap(({ strand }) => [...strand.components].map(({ component }) => component));
  const claim: Claim = {
    upstream: first.strand.upstream.upstream,
    stream: first.strand.stream,
    standing: counts.standing,
    clock: clockOf(counts),
    versions: distinct(components.map(({ version }) => version)),
    packages: distinct(components.map((component) => component.package)),
    fix: counts.fix,
    endedBy: counts.endedBy,
    architectures: [...Map.groupBy(standings, ({ strand }) => strand.architecture).values()].map(architectureClock),
  };
  return {
    claim,
    counts,
    release: combine(standings.map((each) => each.release)),
    releaseAndKnown: combine(standings.map((each) => each.releaseAndKnown)),
  };
}

function architectureClock(standings: readonly StrandStanding[]): ArchitectureClock {
  const [first] = standings;
  invariant(first !== undefined, 'an architecture in a claim has at least one strand');
  const counts = combine(standings.map((each) => each.counts));
  return {
    architecture: first.strand.architecture,
    standing: counts.standing,
    clock: clockOf(counts),
    exposures: exposuresOf(standings.map(({ strand }) => strand)),
  };
}

/** Records that agree on an exposure show it once. */
function exposuresOf(strands: readonly Strand[]): ArchitectureClock['exposures'] {
  const exposures = new Map<string, ArchitectureClock['exposures'][number]>();
  for (const { from, to, openedBy, closedBy } of strands.flatMap((strand) => strand.exposures)) {
    exposures.set(`${openedBy.fact} ${closedBy?.fact}`, {
      from: instantOf(from),
      to: to === FOREVER ? null : instantOf(to),
      fromFact: openedBy.fact,
      toFact: closedBy?.fact ?? null,
    });
  }
  return [...exposures.values()];
}

function distinct(texts: readonly string[]): readonly string[] {
  return [...new Set(texts)].toSorted();
}
