import type { Fact } from '../core/fact.ts';
import type { EndedRun } from '../core/forecast/stage-durations.ts';
import type { AdvisoryRecord } from '../core/match/advisory.ts';
import { cherryPickOf } from '../core/plan/cherry-pick-of.ts';
import { remediesOf } from '../core/plan/remedies.ts';
import { emptyStock } from '../core/plan/stock.ts';
import type { Policy } from '../core/promise/policy.ts';
import { isOpen, type Obligation } from '../core/promise/standing.ts';
import type { HoursKnown } from '../views/hours.ts';
import type { VulnerabilityOptions } from '../views/vulnerability.ts';
import type { LookUpDeps } from './look-up.ts';

/**
 * What is known of obligations beside the facts: what was run for them, why they stood where they stood and since when,
 * and which remedies there are. What was run is not kept by instants: of the past only reasons up to then are told.
 */
export async function lookUpKnown(
  obligations: readonly Obligation[],
  world: {
    readonly asOf: Temporal.Instant | null;
    readonly facts: readonly Fact[];
    readonly policy: Policy;
    readonly records: readonly AdvisoryRecord[];
  },
  deps: Pick<LookUpDeps, 'catalog' | 'reasonHistory' | 'runsOf'>,
): Promise<Pick<VulnerabilityOptions, 'known' | 'remedies'>> {
  const catalog = await deps.catalog();
  const known = new Map<string, Omit<HoursKnown, 'now'>>();
  for (const obligation of obligations) {
    const runs = (await deps.runsOf([obligation.line, ...recipesOf(obligation, world.facts)])).filter(isBy(world.asOf));
    const reasons = (await deps.reasonHistory(obligation.id)).filter(({ from }) => isNotAfter(from, world.asOf));
    known.set(obligation.id, { runs, reasons });
  }
  const stock = emptyStock();
  for (const record of world.records) {
    const sources = stock.records.get(record.id) ?? new Map<string, AdvisoryRecord>();
    stock.records.set(record.id, sources.set(record.source, record));
  }
  const carried = (obligation: Obligation) =>
    cherryPickOf(obligation, { policy: world.policy, stock, mergedFixes: new Map() });
  return {
    known: ({ id }) => known.get(id) ?? {},
    remedies: (obligation) =>
      catalog === null || !isOpen(obligation.standing) ? [] : remediesOf(obligation, catalog, carried(obligation)),
  };
}

/** Recipes that built something of its upstreams. */
function recipesOf({ claims }: Obligation, facts: readonly Fact[]): readonly string[] {
  const upstreams = new Set(claims.map(({ upstream }) => upstream));
  const recipes = facts.flatMap((fact) =>
    fact.type === 'package-built' && upstreams.has(fact.payload.upstream) ? [fact.payload.recipe] : [],
  );
  return [...new Set(recipes)];
}

function isBy(asOf: Temporal.Instant | null): (run: EndedRun) => boolean {
  return ({ to }) => isNotAfter(to, asOf);
}

function isNotAfter(at: Temporal.Instant, asOf: Temporal.Instant | null): boolean {
  return asOf === null || Temporal.Instant.compare(at, asOf) <= 0;
}
