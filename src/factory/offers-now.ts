import type { Catalog } from '../core/catalog/catalog.ts';
import { noOffers, type Offers } from '../core/plan/offers.ts';
import type { ClockDeps } from './deps.ts';
import type { Memory } from './memory.ts';
import type { SuiteArchive } from './suites.ts';

/** Mirrors mend themselves: what one did not have is asked for again after so long. */
const ABSENT_HOURS = 6;

/** What distributions offer for a catalog's lines; nothing is asked of them where no line is based on one. */
export async function offersNow(
  catalog: Catalog,
  memory: Memory,
  { clock, suites }: { readonly clock: ClockDeps; readonly suites: Pick<SuiteArchive, 'pools'> },
): Promise<Offers> {
  if (!catalog.lines.some(({ format }) => format === 'deb')) return noOffers;
  const { pool } = await suites.pools(catalog);
  const since = clock.now().subtract({ hours: ABSENT_HOURS });
  const absent = [...memory.outcomes.absent]
    .filter(([, at]) => Temporal.Instant.compare(at, since) > 0)
    .map(([sha256]) => sha256);
  const before = memory.offers.absent;
  const isSame = before.size === absent.length && absent.every((sha256) => before.has(sha256));
  memory.offers = { pool, absent: isSame ? before : new Set(absent) };
  return memory.offers;
}
