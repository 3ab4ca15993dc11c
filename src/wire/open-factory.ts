import { join } from 'node:path';
import { cherryPickOf } from '../core/plan/cherry-pick-of.ts';
import type { Step } from '../core/plan/step.ts';
import type { ClockDeps } from '../factory/deps.ts';
import type { PackageBuilder } from '../factory/build/build.ts';
import { runBuild } from '../factory/build/run-build.ts';
import { type MergedFixes } from '../factory/find-merged-fixes.ts';
import { memoryCache } from '../factory/image/cache.ts';
import type { PackageLayer } from '../factory/image/package-layer.ts';
import { runCompose } from '../factory/image/run-compose.ts';
import { runConfirm } from '../factory/image/run-confirm.ts';
import { runPublish } from '../factory/image/run-publish.ts';
import { runReceipts } from '../factory/image/run-receipts.ts';
import { runVerify } from '../factory/image/run-verify.ts';
import { importPackages } from '../factory/import-packages.ts';
import { openSealed } from '../factory/ledger/open-sealed.ts';
import { emptyMemory, type Memory } from '../factory/memory.ts';
import { mergeChange } from '../factory/merge-change.ts';
import { proposeChange } from '../factory/propose-change.ts';
import type { TickDeps } from '../factory/tick.ts';
import type { LayerFacts } from '../formats/oci/read-layer.ts';
import { folderBlobs } from '../io/blobs/folder-blobs.ts';
import { machineClock } from '../io/clock.ts';
import { openDeb } from '../io/debian/open-deb.ts';
import { debianArchive } from '../io/debian/suite-archive.ts';
import { imageRunner } from '../io/sandbox/run-image.ts';
import { openSigner } from '../io/signing/keys.ts';
import { openVault } from '../io/signing/vault.ts';
import { keepHeapSteady } from '../io/steady-heap.ts';
import { openStore, type Store } from '../io/store/open-store.ts';
import { openCatalog } from './open-catalog.ts';
import { lookers } from './lookers.ts';
import { openBuilder, sourceFetcher } from './open-builder.ts';
import type { Places } from './places.ts';
import { programVersion } from './program-version.ts';
import { reachRegistry } from './reach-registry.ts';
import { sweepLeftovers } from './sweep-leftovers.ts';

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
  await sweepLeftovers(places, machineClock.now()); // files are dated by the machine, also in a made-up world
  const vault = await openVault(places.keys);
  const store = await openStore({ url: places.store, clock, vault });
  const { repository, source } = await openCatalog(places, clock);
  const { catalog } = await source.main();
  keepHeapSteady();
  const memory = emptyMemory();
  const blobs = folderBlobs(places.blobs);
  const sign = await openSigner(places.keys);
  const registry = await reachRegistry(catalog.registry, places, { clock, blobs });
  const { client, publicName } = registry;
  const stock = () => memory.stock;
  const suites = debianArchive({ folder: join(places.cache, 'apt'), now: () => clock.now() });
  const fetchSource = sourceFetcher(places, suites);
  const build = (options.aroundBuilder ?? ((builder) => builder))(
    openBuilder(catalog, { places, blobs, suites, fetchSource }),
  );
  const composing = { blobs, layerCache: memoryCache<PackageLayer>(LAYERS_KEPT), openDeb };
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

  // The newest declaration: another policy, or another time to sign, decides from the next turn on.
  let declared = catalog;
  const deps: TickDeps = {
    clock,
    worker: `${process.pid}`,
    leaseSeconds: LEASE_SECONDS,
    whileRunning: (beat) => {
      const timer = setInterval(() => {
        beat();
        // A step that takes its time is a sign of life as well; that it could not be noted, the next write will tell.
        store.pulse.beat(clock.now()).catch(() => undefined);
      }, HEARTBEAT_MS);
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
    suites,
    openSealed: async () => (await openSealed({ clock, facts: store.facts, store, vault })).length,
    heads: { sign, when: () => declared.ledger },
    ...lookers(options, { store, blobs, mergedFixes, suites }),
    lookEverySeconds: options.lookEverySeconds,
    pulse: store.pulse,
    cherryPick: (obligation) => cherryPickOf(obligation, { policy: declared.policy, stock: memory.stock, mergedFixes }),
    stages: {
      'propose-change': (step) => proposeChange(step, { clock, catalogRepository: repository, fetchSource }),
      'build-package': (step) =>
        runBuild(step, { clock, builder: build, catalogFile: (commit, path) => repository.readFileAt(commit, path) }),
      'merge-change': (step) => mergeChange(step, { catalogRepository: repository }),
      'import-packages': (step) => importPackages(step, { ...composing, clock, suites }),
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
          clock,
          obligations: store.obligations,
          head: () => store.facts.head(),
          fact: (id) => store.fact(id),
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
