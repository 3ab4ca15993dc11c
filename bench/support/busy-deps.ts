import { noSuites } from '../../test/support/no-suites.ts';
import type { WatchedImport } from '../../src/factory/watch-groups.ts';
import type { Catalog } from '../../src/core/catalog/catalog.ts';
import { Failure } from '../../src/core/failure.ts';
import { receiptsDone } from '../../src/core/plan/digest-record.ts';
import { cherryPickOf } from '../../src/core/plan/cherry-pick-of.ts';
import { concerned } from '../../src/factory/concerned.ts';
import { emptyFeedMemory, ingestFeeds } from '../../src/factory/ingest-feeds.ts';
import type { Looker } from '../../src/factory/look.ts';
import type { Memory } from '../../src/factory/memory.ts';
import type { TickDeps } from '../../src/factory/tick.ts';
import { emptyWatchMemory, watchUpstreams } from '../../src/factory/watch-upstreams.ts';
import type { GitCatalogRepository } from '../../src/io/git/catalog-repository.ts';
import type { Store } from '../../src/io/store/open-store.ts';
import { inventoryBytes } from './busy-facts.ts';

const everySeconds = 24 * 3600;

export interface BusyOptions {
  /** As it was read last: another value after another commit. */
  readonly catalog: () => Catalog;
  readonly store: Store;
  readonly repository: Pick<GitCatalogRepository, 'head'>;
  readonly clock: TickDeps['clock'];
  readonly memory: Memory;
}

/** A factory over a real store and a real repository's head, whose outside has nothing new to say for a day. */
export function busyDeps({ catalog, store, repository, clock, memory }: BusyOptions): TickDeps {
  const mergedFixes = new Map();
  const unasked = () => Promise.reject(new Failure('E0804', 'Nothing is left to run'));
  return {
    clock,
    worker: 'bench',
    leaseSeconds: 60,
    whileRunning: () => () => {},
    facts: store.facts,
    blobs: { get: async (digest) => inventoryBytes(digest) },
    steps: store.steps,
    obligations: store.obligations,
    reasons: store.reasons,
    pulse: store.pulse,
    lookEverySeconds: everySeconds,
    sources: () => ({ watched: 0, late: [] }),
    catalog: {
      main: async () => ({ catalog: catalog(), commit: await repository.head() }),
      recipeAt: async (_, name) => catalog().recipes.find(({ recipe }) => recipe === name),
    },
    suites: noSuites,
    heads: null,
    openSealed: () => Promise.resolve(0),
    look: looker(store, clock),
    cherryPick: (obligation) =>
      cherryPickOf(obligation, { policy: catalog().policy, stock: memory.stock, mergedFixes }),
    stages: {
      'propose-change': unasked,
      'build-package': unasked,
      'merge-change': unasked,
      'import-packages': unasked,
      'compose-image': unasked,
      'verify-image': unasked,
      'publish-image': unasked,
      'confirm-image': unasked,
      'attach-receipts': async (step) => ({
        facts: [],
        result: step.kind === 'attach-receipts' ? { ...receiptsDone(step) } : {},
      }),
    },
  };
}

const NONE: readonly WatchedImport[] = [];

/** The real stages: they find each time that all upstreams and feeds were looked at lately. */
function looker(store: Store, clock: TickDeps['clock']): Looker {
  const watchMemory = emptyWatchMemory();
  const feedMemory = emptyFeedMemory();
  const { facts, looks } = store;
  const listTags = () => Promise.reject(new Failure('E0203', 'Every upstream was looked at lately'));
  const feeds = { read: async () => ({ items: (async function* () {})(), settled: async () => undefined }) };
  const blobs = { put: () => Promise.reject(new Failure('E0803', 'The feed is empty')) };
  return async (catalog, memory) => {
    const watched = await watchUpstreams({ recipes: catalog.recipes, imports: NONE }, watchMemory, {
      clock,
      facts,
      looks,
      blobs,
      upstreams: { listTags },
      suites: noSuites,
      everySeconds,
    });
    const scope = { packages: concerned(catalog, memory), everySeconds, mayHaveGrown: false };
    const ingested = await ingestFeeds(catalog.feeds, scope, feedMemory, { clock, facts, blobs, feeds });
    return [...watched.problems, ...ingested.problems];
  };
}
