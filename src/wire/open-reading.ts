import type { Catalog } from '../core/catalog/catalog.ts';
import type { Digest } from '../core/digest.ts';
import type { Inventory } from '../core/match/inventory.ts';
import { isPostgres } from '../io/store/is-postgres.ts';
import { openReader } from '../io/store/open-reader.ts';
import { catalogHead } from './catalog-head.ts';
import { placesFrom } from './places-from.ts';
import type { Places } from './places.ts';
import { worldTime } from './world.ts';

/**
 * What every reading command and every page stands on: the store beside the catalog, told the time of its world. The
 * catalog is read when a page needs it; while it has faults the ledger answers alone.
 */
export async function openReading(cwd: string) {
  const places = await placesFrom(cwd);
  const { clock, notice } = await worldTime(places);
  const reader = await openReader({ url: places.store, clock });
  const catalog = rememberedFor(CATALOG_SECONDS, () => readCatalog(places));
  return {
    ...reader,
    now: () => clock.now(),
    notice,
    storeName: isPostgres(places.store) ? 'postgres' : 'sqlite',
    catalog,
    inventory: (digest: Digest) => keptInventory(places, digest),
    summary: () => catalogHead(places, catalog),
  };
}

async function keptInventory({ blobs }: Places, digest: Digest): Promise<Inventory | undefined> {
  const [{ folderBlobs }, { decodeInventory }] = await Promise.all([
    import('../io/blobs/folder-blobs.ts'),
    import('../core/match/inventory-json.ts'),
  ]);
  const bytes = await folderBlobs(blobs).get(digest);
  return bytes === undefined ? undefined : decodeInventory(bytes);
}

const CATALOG_SECONDS = 30;

async function readCatalog(places: Places): Promise<Catalog | null> {
  const { catalogInForce } = await import('./catalog-in-force.ts');
  const loaded = await catalogInForce(places);
  return loaded.kind === 'catalog' ? loaded.catalog : null;
}

/** Asks again only when the answer is older than that, so that a served page follows the catalog's files. */
function rememberedFor<T>(seconds: number, ask: () => Promise<T>): () => Promise<T> {
  let answer: Promise<T> | undefined;
  let askedAt = Number.NEGATIVE_INFINITY;
  return async () => {
    const elapsed = performance.now() - askedAt;
    if (answer === undefined || elapsed > seconds * 1000) {
      askedAt = performance.now();
      answer = ask();
    }
    return await answer;
  };
}
