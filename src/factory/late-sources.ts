import type { Catalog } from '../core/catalog/catalog.ts';
import type { LateSource, Pulse } from '../core/forecast/pulse.ts';
import { feedKey, type FeedMemory } from './ingest-feeds.ts';
import { watchKey, type WatchMemory } from './watch-upstreams.ts';

/** So many are named; behind them the trouble is another one. */
const NAMED_MAX = 50;

/** What this process looks at, and what of it failed when it was looked at last, or was not looked at for two looks. */
export function lateSources(
  catalog: Pick<Catalog, 'feeds'>,
  { feeds, upstreams }: { readonly feeds: FeedMemory; readonly upstreams: WatchMemory },
  { now, everySeconds }: { readonly now: Temporal.Instant; readonly everySeconds: number },
): Pulse['sources'] {
  const all: readonly LateSource[] = [...feedsOf(catalog, feeds), ...upstreamsOf(upstreams)];
  const late = all.filter((source) => source.failures > 0 || isLate(source, now, everySeconds));
  return { watched: all.length, late: late.slice(0, NAMED_MAX) };
}

/** One look may be missed: the next is due by then. */
export function isLate({ lookedAt }: LateSource, now: Temporal.Instant, everySeconds: number): boolean {
  return lookedAt !== null && now.epochMilliseconds - lookedAt.epochMilliseconds > 2 * everySeconds * 1000;
}

function feedsOf({ feeds }: Pick<Catalog, 'feeds'>, memory: FeedMemory): readonly LateSource[] {
  return feeds.map((feed) => {
    const name = feedKey(feed);
    const read = memory.feeds.get(name);
    return {
      kind: 'feed',
      name,
      lookedAt: read?.goodAt ?? null,
      failures: read?.failures ?? 0,
    };
  });
}

function upstreamsOf({ groups, looked, failing }: WatchMemory): readonly LateSource[] {
  return (groups?.groups ?? []).map((group) => {
    const key = watchKey(group);
    return {
      kind: 'upstream',
      name: key,
      lookedAt: looked.get(key) ?? null,
      failures: failing.get(key)?.times ?? 0,
    };
  });
}
