import type { Standing } from '../../src/core/promise/standing.ts';
import type { ObligationStore } from '../../src/factory/deps.ts';
import { benchObligation } from './obligations.ts';

const BATCH = 5000;

/** Projects `open` open ones (a fiftieth overdue, a third waiting) and `closed` closed ones (one in 400 missed). */
export async function projectObligations(
  store: ObligationStore,
  { open, closed, now }: { readonly open: number; readonly closed: number; readonly now: Temporal.Instant },
): Promise<void> {
  const standingOf = (n: number): Standing => {
    if (n >= open) return n % 400 === 0 ? 'missed' : 'met';
    return n % 50 === 0 ? 'overdue' : n % 3 === 0 ? 'waiting' : 'on-track';
  };
  for (let start = 0; start < open + closed; start += BATCH) {
    const count = Math.min(BATCH, open + closed - start);
    const rows = Array.from({ length: count }, (_, index) =>
      benchObligation(start + index, standingOf(start + index), now),
    );
    await store.project(now, start / BATCH + 1, rows, []);
  }
}
