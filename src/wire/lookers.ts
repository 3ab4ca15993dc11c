import { setTimeout as pause } from 'node:timers/promises';
import type { Catalog } from '../core/catalog/catalog.ts';
import type { Stock } from '../core/plan/stock.ts';
import { concerned } from '../factory/concerned.ts';
import type { Pulse } from '../core/forecast/pulse.ts';
import type { BlobStore, ClockDeps } from '../factory/deps.ts';
import { findMergedFixes, type MergedFixes } from '../factory/find-merged-fixes.ts';
import { emptyFeedMemory, ingestFeeds } from '../factory/ingest-feeds.ts';
import { lateSources } from '../factory/late-sources.ts';
import { lookEvery, type Looker } from '../factory/look.ts';
import type { SuiteArchive } from '../factory/suites.ts';
import type { WatchedImport } from '../factory/watch-groups.ts';
import { emptyWatchMemory, watchUpstreams } from '../factory/watch-upstreams.ts';
import { watchedImports } from '../factory/watched-imports.ts';
import { suitesNamed } from '../io/debian/suites-named.ts';
import { feedReader } from '../io/feeds/feed-reader.ts';
import { commitsMentioning } from '../io/git/commits-mentioning.ts';
import { listTags } from '../io/git/list-tags.ts';
import type { Store } from '../io/store/open-store.ts';
import type { Places } from './places.ts';

interface LookSettings {
  readonly places: Places;
  readonly clock: ClockDeps;
  /** How long a look lasts. */
  readonly lookEverySeconds: number;
}

/** What a factory looks at in every turn whose time has come: indexes of suites, upstreams, feeds, fixes merged upstream. */
export function lookers(
  { clock, lookEverySeconds, places }: LookSettings,
  known: {
    readonly store: Store;
    readonly blobs: Pick<BlobStore, 'put'>;
    readonly mergedFixes: MergedFixes;
    readonly suites: SuiteArchive;
  },
): Lookers {
  const { store, blobs, mergedFixes, suites } = known;
  const feeds = feedReader({
    now: () => clock.now(),
    reach: 'public-and-loopback',
    chance: Math.random,
    wait: async (milliseconds) => {
      await pause(milliseconds);
    },
  });
  const feedMemory = emptyFeedMemory();
  const watchMemory = emptyWatchMemory();
  const fixes = lookEvery(
    lookEverySeconds,
    [
      findMergedFixes(mergedFixes, {
        commitsMentioning: (repository, wanted) => commitsMentioning(repository, wanted, { cacheFolder: places.cache }),
      }),
    ],
    clock,
  );
  const indexes = lookEvery(
    lookEverySeconds,
    [(catalog) => (namesSuites(catalog) ? suites.refresh(catalog) : Promise.resolve([]))],
    clock,
  );
  const importsOf = rememberedImports(suites);
  let builtWhenRead = 0;
  let feedsNow: Catalog['feeds'] = [];
  const look: Looker = async (catalog, memory) => {
    feedsNow = catalog.feeds;
    const unread = await indexes(catalog, memory);
    const things = { recipes: catalog.recipes, imports: importsOf(catalog, memory.stock) };
    const watched = await watchUpstreams(things, watchMemory, {
      clock,
      facts: store.facts,
      blobs,
      looks: store.looks,
      upstreams: { listTags },
      suites,
      everySeconds: lookEverySeconds,
    });
    const scope = {
      packages: concerned(catalog, memory),
      everySeconds: lookEverySeconds,
      mayHaveGrown: memory.stock.built !== builtWhenRead,
    };
    builtWhenRead = memory.stock.built;
    const ingested = await ingestFeeds(catalog.feeds, scope, feedMemory, { clock, facts: store.facts, blobs, feeds });
    // A repository that is gone is told once.
    const told = new Set(watched.problems.map(({ detail }) => detail.at));
    const searched = (await fixes(catalog, memory)).filter(({ detail }) => !told.has(detail.at));
    return [...unread, ...watched.problems, ...ingested.problems, ...searched];
  };
  const sources = (): Pulse['sources'] =>
    lateSources(
      { feeds: feedsNow },
      { feeds: feedMemory, upstreams: watchMemory },
      { now: clock.now(), everySeconds: lookEverySeconds },
    );
  return { look, sources };
}

interface Lookers {
  readonly look: Looker;
  /** What is looked at, and what of it is late. */
  readonly sources: () => Pulse['sources'];
}

/** The same list while catalog, packages and suites are the same: thousands of upstreams are sorted by it. */
function rememberedImports(suites: SuiteArchive): (catalog: Catalog, stock: Stock) => readonly WatchedImport[] {
  let known:
    | {
        readonly catalog: Catalog;
        readonly built: number;
        readonly readings: number;
        readonly imports: readonly WatchedImport[];
      }
    | undefined;
  return (catalog, stock) => {
    const { built } = stock;
    const readings = suites.readings();
    if (known?.catalog === catalog && known.built === built && known.readings === readings) return known.imports;
    known = { catalog, built, readings, imports: watchedImports(catalog, stock, suites) };
    return known.imports;
  };
}

function namesSuites(catalog: Catalog): boolean {
  return suitesNamed(catalog).suites.length > 0;
}
