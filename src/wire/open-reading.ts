import type { BoardQuery, ObligationStore, ReasonStore } from '../factory/deps.ts';
import { loadCatalog } from '../io/catalog/load-catalog.ts';
import { openStore } from '../io/store/open-store.ts';
import { placesOf } from './places.ts';
import { worldTime } from './world.ts';

/**
 * What every reading command and every page stands on: the store beside the catalog, told the time of its world.
 * Throws the first thing that is wrong with the catalog.
 */
export async function openReading(cwd: string) {
  const loaded = await loadCatalog(cwd);
  if (loaded.kind === 'problems' && loaded.problems[0] !== undefined) throw loaded.problems[0];
  const places = placesOf(loaded.folder);
  const { clock, notice } = await worldTime(places);
  const store = await openStore({ url: places.store, clock });
  const catalog = loaded.kind === 'catalog' ? loaded.catalog : null;
  const { facts, obligations } = store;
  return {
    now: () => clock.now(),
    notice,
    storeName: places.store.startsWith('postgres') ? 'postgres' : 'sqlite',
    catalog: async () => catalog,
    summary: async () =>
      catalog === null ? null : { name: catalog.name, lines: catalog.lines.length, policy: catalog.policy },
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
