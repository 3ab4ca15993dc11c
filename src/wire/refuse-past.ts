import { Failure } from '../core/failure.ts';
import type { ClockDeps } from '../factory/deps.ts';
import type { Store } from '../io/store/open-store.ts';

/** Machines that share a store may differ by so much. */
const TOLERANCE_SECONDS = 60;

/** Throws E0701 when the clock is behind the ledger: what is stated at a time before its causes would prove nothing. */
export async function refusePast({ facts }: Pick<Store, 'facts'>, clock: ClockDeps): Promise<void> {
  const { seq } = await facts.head();
  for await (const { recordedAt } of facts.facts(Math.max(0, seq - 1))) {
    const now = clock.now();
    if (Temporal.Instant.compare(now.add({ seconds: TOLERANCE_SECONDS }), recordedAt) >= 0) return;
    throw new Failure('E0701', `The clock says ${now.toString()}, and the newest fact is of ${recordedAt.toString()}`, {
      at: `fact ${seq}`,
      kept: 'nothing was done, and the ledger is as it was',
      hint: 'set the clock of this machine: suture doctor',
      retryable: true,
    });
  }
}
