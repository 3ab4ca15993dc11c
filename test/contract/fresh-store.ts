import type { TestContext } from 'node:test';
import { openStore, type Store } from '../../src/io/store/open-store.ts';

/** Where a fresh, empty store can be opened; undefined when the engine is not on this machine (the test then skips). */
export type FreshStore = (t: TestContext) => Promise<string | undefined>;

/** Opens a store that is closed with the test. The clock is the test's to set. */
export async function opened(t: TestContext, url: string, clock = aClockAt('2026-03-01T12:00:00Z')): Promise<Store> {
  const store = await openStore({ url, clock });
  t.after(() => store.close());
  return store;
}

export function aClockAt(text: string) {
  let at = Temporal.Instant.from(text);
  return { now: () => at, set: (to: string) => (at = Temporal.Instant.from(to)) };
}
