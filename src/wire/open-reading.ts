import type { Catalog } from '../core/catalog/catalog.ts';
import type { BoardQuery, ObligationStore, ReasonStore } from '../factory/deps.ts';
import { openStore } from '../io/store/open-store.ts';
import { catalogHead } from './catalog-head.ts';
import { placesFrom } from './places-from.ts';
import { worldTime } from './world.ts';

/**
 * What every reading command and every page stands on: the store beside the catalog, told the time of its world. The
 * catalog is read when a page needs it; while it has faults the ledger answers alone.
 */
export async function openReading(cwd: string) {
  const places = await placesFrom(cwd);
  const { clock, notice } = await worldTime(places);
  const store = await openStore({ url: places.store, clock });
  const { facts, obligations } = store;
  const catalog = rememberedFor(CATALOG_SECONDS, () => readCatalog(places.catalog));
  return {
    now: () => clock.now(),
    notice,
    storeName: places.store.startsWith('postgres') ? 'postgres' : 'sqlite',
    catalog,
    summary: () => catalogHead(places, catalog),
    facts: (after?: number, until?: Temporal.Instant) => facts.facts(after, until),
    head: () => facts.head(),
    chain: () => store.chain(),
    board: (query: BoardQuery) => obligations.board(query),
    obligations: (...asked: Parameters<ObligationStore['obligations']>) => obligations.obligations(...asked),
    reasons: (...asked: Parameters<ReasonStore['inForce']>) => store.reasons.inForce(...asked),
    /** When the newest fact was recorded. */
    dataAsOf: async () => {
      const { seq } = await facts.head();
      for await (const fact of facts.facts(Math.max(0, seq - 1))) return fact.recordedAt;
      return null;
    },
    close: () => store.close(),
  };
}

const CATALOG_SECONDS = 30;

async function readCatalog(folder: string): Promise<Catalog | null> {
  const { loadCatalog } = await import('../io/catalog/load-catalog.ts');
  const loaded = await loadCatalog(folder);
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
