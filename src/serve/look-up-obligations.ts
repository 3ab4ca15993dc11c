import type { Obligation } from '../core/promise/standing.ts';
import { isOpen } from '../core/promise/standing.ts';
import { timePassed } from '../core/promise/time-passed.ts';
import type { ObligationStore, ReasonStore } from '../factory/deps.ts';
import type { Why } from '../views/row.ts';

/** As projected, and seen at this moment: deadlines pass without any fact. */
export async function obligationsAt(
  by: Parameters<ObligationStore['obligations']>[0],
  asOf: Temporal.Instant | null,
  deps: { readonly obligations: ObligationStore['obligations']; now(): Temporal.Instant },
): Promise<readonly Obligation[]> {
  const now = asOf ?? deps.now();
  return (await deps.obligations(by, asOf)).map((each) => timePassed(each, now));
}

/** Why open ones stand where they stand now, and why missed ones were still open when they were missed. */
export async function reasonsFor(
  obligations: readonly Obligation[],
  now: Temporal.Instant,
  deps: { readonly reasons: ReasonStore['inForce'] },
): Promise<ReadonlyMap<string, Why>> {
  const wanted = obligations.flatMap(({ id, standing, clock }) => {
    if (isOpen(standing)) return [{ obligation: id, at: now }];
    return standing === 'missed' && clock.missedAt !== null ? [{ obligation: id, at: clock.missedAt }] : [];
  });
  return wanted.length === 0 ? new Map() : await deps.reasons(wanted);
}
