import { existsSync } from 'node:fs';
import type { ClockDeps } from '../factory/deps.ts';
import { isPostgres } from '../io/store/is-postgres.ts';
import { openReader } from '../io/store/open-reader.ts';
import { lookUpDigest } from '../serve/look-up.ts';
import type { AskedLedger } from '../views/verify-ledger.ts';
import type { Places } from './places.ts';

/** Undefined where nothing was run yet: a catalog that somebody only has a copy of. Makes nothing. */
export async function askLedger(
  digest: string,
  { places, clock }: { readonly places: Places; readonly clock: ClockDeps },
): Promise<AskedLedger | undefined> {
  if (!isPostgres(places.store) && !existsSync(places.store)) return undefined;
  const reader = await openReader({ url: places.store, clock });
  try {
    const { seq } = await reader.head();
    const view = await lookUpDigest(digest, null, { ...reader, now: () => clock.now(), notice: null });
    return { view, seq };
  } finally {
    await reader.close();
  }
}
