import type { AdvisoryRecord } from '../match/advisory.ts';
import { cherryPickDecision } from '../policy/cherry-pick.ts';
import type { CherryPickSource, Policy } from '../promise/policy.ts';
import type { Obligation } from '../promise/standing.ts';
import type { Stock } from './stock.ts';

/**
 * Whether the policy lets a fix be carried before its release, and in words which condition decides. Undefined while
 * nobody knows of a fix: there is nothing to carry.
 */
export function cherryPickOf(
  obligation: Obligation,
  known: {
    readonly policy: Policy;
    readonly stock: Stock;
    readonly mergedFixes: ReadonlyMap<string, readonly string[]>;
  },
): { readonly take: boolean; readonly why: string } | undefined {
  const records = recordsOf(obligation, known.stock);
  const merged =
    (known.mergedFixes.get(obligation.vulnerability) ?? []).length > 0 || fixCommits(records).some((fix) => fix.merged);
  const posted = fixCommits(records).length > 0;
  const sources: CherryPickSource[] = merged ? ['upstream-merged'] : posted ? ['upstream-posted'] : [];
  if (sources.length === 0) return undefined;
  const decision = cherryPickDecision(known.policy, {
    severity: { level: obligation.severity.level, by: obligation.severity.by?.source ?? null },
    exploited: obligation.exploited,
    epss: records.map((record) => record.epss).find((score) => score !== null) ?? null,
    upstreamRelease: null,
    sources,
  });
  const deciding = decision.conditions.filter((condition) => condition.holds === decision.take);
  return {
    take: decision.take,
    why: deciding.map(({ condition, why }) => `the policy asks that ${condition}; ${why}`).join('; '),
  };
}

function recordsOf({ vulnerability, aliases }: Obligation, { records }: Stock): readonly AdvisoryRecord[] {
  return [vulnerability, ...aliases].flatMap((id) => [...(records.get(id)?.values() ?? [])]);
}

function fixCommits(records: readonly AdvisoryRecord[]) {
  return records.flatMap((record) => record.affected.flatMap((affected) => affected.fixCommits ?? []));
}
