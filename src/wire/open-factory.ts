import { setTimeout as pause } from 'node:timers/promises';
import type { Catalog } from '../core/catalog/catalog.ts';
import { cherryPickOf } from '../core/plan/cherry-pick-of.ts';
import type { Step } from '../core/plan/step.ts';
import type { ClockDeps } from '../factory/deps.ts';
import { packageBuilder } from '../factory/build/build-package.ts';
import type { PackageBuilder } from '../factory/build/build.ts';
import { runBuild } from '../factory/build/run-build.ts';
import { concerned } from '../factory/concerned.ts';
import { findMergedFixes, type MergedFixes } from '../factory/find-merged-fixes.ts';
import { memoryCache } from '../factory/image/cache.ts';
import type { PackageLayer } from '../factory/image/package-layer.ts';
import { runCompose } from '../factory/image/run-compose.ts';
import { runConfirm } from '../factory/image/run-confirm.ts';
import { runPublish } from '../factory/image/run-publish.ts';
import { runReceipts } from '../factory/image/run-receipts.ts';
import { runVerify } from '../factory/image/run-verify.ts';
import { emptyFeedMemory, ingestFeeds } from '../factory/ingest-feeds.ts';
import { lookEvery, type Looker } from '../factory/look.ts';
import { emptyMemory, type Memory } from '../factory/memory.ts';
import { mergeChange } from '../factory/merge-change.ts';
import { proposeChange } from '../factory/propose-change.ts';
import type { TickDeps } from '../factory/tick.ts';
import { emptyWatchMemory, watchUpstreams } from '../factory/watch-upstreams.ts';
import type { LayerFacts } from '../formats/oci/read-layer.ts';
import { folderBlobs } from '../io/blobs/folder-blobs.ts';
import { feedReader } from '../io/feeds/feed-reader.ts';
import { catalogRepository } from '../io/git/catalog-repository.ts';
import { checkout } from '../io/git/checkout.ts';
import { commitsMentioning } from '../io/git/commits-mentioning.ts';
import { listTags } from '../io/git/list-tags.ts';
import { openRoot } from '../io/sandbox/open-root.ts';
import { openWorkspace } from '../io/sandbox/open-workspace.ts';
import { imageRunner } from '../io/sandbox/run-image.ts';
import { runsHere } from '../io/sandbox/runs-here.ts';
import { openSigner } from '../io/signing/keys.ts';
import { openStore, type Store } from '../io/store/open-store.ts';
import { gitCatalogSource } from './catalog-source.ts';
import type { Places } from './places.ts';
import { programVersion } from './program-version.ts';
import { reachRegistry } from './reach-registry.ts';

export interface FactoryOptions {
  readonly places: Places;
  readonly clock: ClockDeps;
  /** How long a look at feeds and upstreams lasts. */
  readonly lookEverySeconds: number;
  /** Stands in front of the real builder; the made-up world breaks it on purpose. */
  readonly aroundBuilder?: (builder: PackageBuilder) => PackageBuilder;
}

/** A factory with everything it needs, as one catalog and one machine have it. */
export interface OpenFactory {
  readonly deps: TickDeps;
  readonly memory: Memory;
  readonly store: Store;
  /** Where images are pulled from: `127.0.0.1:5050` or the registry that the catalog names. */
  readonly registryHost: string;
  close(): Promise<void>;
}

/** Renewed while the step runs, so that what a killed worker held is free again soon. */
const LEASE_SECONDS = 120;
const HEARTBEAT_MS = 30_000;
const LAYERS_KEPT = 2000;

/** Opens store, registry, keys and sandbox, and hands the stages what they ask for. */
export async function openFactory(options: FactoryOptions): Promise<OpenFactory> {
  const { places, clock } = options;
  const store = await openStore({ url: places.store, clock });
  const repository = catalogRepository({ folder: places.catalog });
  const source = gitCatalogSource(places.catalog, repository);
  const { catalog } = await source.main();
  const memory = emptyMemory();
  const blobs = folderBlobs(places.blobs);
  const sign = await openSigner(places.keys);
  const registry = await reachRegistry(catalog.registry, places, { clock, blobs });
  const { client, publicName } = registry;
  const stock = () => memory.stock;
  const build = (options.aroundBuilder ?? ((builder) => builder))(builderOf(catalog, places, blobs));
  const composing = { blobs, layerCache: memoryCache<PackageLayer>(LAYERS_KEPT) };
  const layerFacts = memoryCache<LayerFacts>(LAYERS_KEPT);
  const pulledLayers = memoryCache<LayerFacts>(LAYERS_KEPT);
  const reading = { steps: store.steps, blobs, stock };
  const mergedFixes: MergedFixes = new Map();

  const publish = (step: Step) =>
    runPublish(step, {
      ...reading,
      position: () => memory.seq,
      clock,
      obligations: store.obligations,
      registry: client,
      sign,
      catalogCommit: () => repository.head(),
      publicName,
      author: `Suture (${catalog.name})`,
      programVersion,
    });

  // The newest declaration: another policy decides from the next turn on.
  let declared = catalog;
  const deps: TickDeps = {
    clock,
    worker: `${process.pid}`,
    leaseSeconds: LEASE_SECONDS,
    whileRunning: (beat) => {
      const timer = setInterval(beat, HEARTBEAT_MS);
      return () => clearInterval(timer);
    },
    facts: store.facts,
    blobs,
    steps: store.steps,
    obligations: store.obligations,
    reasons: store.reasons,
    catalog: {
      async main() {
        const main = await source.main();
        declared = main.catalog;
        return main;
      },
      recipeAt: (commit, recipe) => source.recipeAt(commit, recipe),
    },
    look: lookers(options, { store, blobs, memory, mergedFixes }),
    cherryPick: (obligation) => cherryPickOf(obligation, { policy: declared.policy, stock: memory.stock, mergedFixes }),
    stages: {
      'propose-change': (step) => proposeChange(step, { clock, catalogRepository: repository }),
      'build-package': (step) =>
        runBuild(step, { clock, builder: build, catalogFile: (commit, path) => repository.readFileAt(commit, path) }),
      'merge-change': (step) => mergeChange(step, { catalogRepository: repository }),
      'compose-image': (step) => runCompose(step, composing),
      'verify-image': (step) =>
        runVerify(step, {
          ...reading,
          layerFacts,
          run: imageRunner({ timeoutSeconds: 10, memoryBytes: catalog.build.memoryBytes }),
          policy: async () => (await source.main()).catalog.policy,
        }),
      'publish-image': publish,
      'confirm-image': (step) =>
        runConfirm(step, {
          registry: client,
          pulledLayers,
          blobs,
          stock,
          restore: async (lost) => void (await publish(lost)),
        }),
      'attach-receipts': (step) =>
        runReceipts(step, {
          registry: client,
          sign,
          publicName,
          stock,
          obligation: (id) => memory.obligations.get(id),
        }),
    },
  };
  return {
    deps,
    memory,
    store,
    registryHost: registry.host,
    async close() {
      await registry.close();
      await store.close();
    },
  };
}

function builderOf(catalog: Catalog, places: Places, blobs: ReturnType<typeof folderBlobs>): PackageBuilder {
  const { root, timeoutSeconds, memoryBytes } = catalog.build;
  return packageBuilder({
    blobs,
    checkout: (repository, wanted) => checkout(repository, wanted, { cacheFolder: places.cache }),
    openWorkspace: async () => {
      const opened = await openRoot(root, places.cache);
      return openWorkspace({ root: opened.folder, rootDigest: opened.digest, timeoutSeconds, memoryBytes });
    },
    runsHere,
    allowWithoutIsolation: process.env['SUTURE_ALLOW_NO_ISOLATION'] === '1',
  });
}

function lookers(
  { clock, lookEverySeconds, places }: FactoryOptions,
  known: {
    readonly store: Store;
    readonly blobs: ReturnType<typeof folderBlobs>;
    readonly memory: Memory;
    readonly mergedFixes: MergedFixes;
  },
): Looker {
  const { store, blobs, mergedFixes } = known;
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
  return async (catalog, memory) => {
    const watched = await watchUpstreams(catalog.recipes, watchMemory, {
      clock,
      facts: store.facts,
      looks: store.looks,
      upstreams: { listTags },
      everySeconds: lookEverySeconds,
    });
    const scope = { packages: concerned(catalog, memory), everySeconds: lookEverySeconds };
    const ingested = await ingestFeeds(catalog.feeds, scope, feedMemory, { clock, facts: store.facts, blobs, feeds });
    // A repository that is gone is told once.
    const told = new Set(watched.problems.map(({ detail }) => detail.at));
    const searched = (await fixes(catalog, memory)).filter(({ detail }) => !told.has(detail.at));
    return [...watched.problems, ...ingested.problems, ...searched];
  };
}
