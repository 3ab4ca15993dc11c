import { readFile } from 'node:fs/promises';
import { parseDigest } from '../core/digest.ts';
import type { SignedHead } from '../core/ledger/head-signing.ts';
import { Failure } from '../core/failure.ts';
import type { ClockDeps } from '../factory/deps.ts';
import { assess } from '../factory/assess.ts';
import { erasePayload } from '../factory/ledger/erase-payload.ts';
import { openSealed } from '../factory/ledger/open-sealed.ts';
import { type HeadSigner, signHead } from '../factory/ledger/sign-head.ts';
import { emptyMemory } from '../factory/memory.ts';
import { blobPath } from '../io/blobs/blob-path.ts';
import { checkBlob } from '../io/blobs/check-blob.ts';
import { folderBlobs } from '../io/blobs/folder-blobs.ts';
import { openSigner, signerAt } from '../io/signing/keys.ts';
import { trustedKeys } from '../io/signing/trusted-keys.ts';
import { openVault } from '../io/signing/vault.ts';
import { keepHeapSteady } from '../io/steady-heap.ts';
import { openStore, type Store } from '../io/store/open-store.ts';
import type { LedgerDeps } from '../serve/cli/ledger-deps.ts';
import { checkBundle, checkLedger } from './check-ledger.ts';
import { importBundle } from './import-bundle.ts';
import { openReading } from './open-reading.ts';
import type { Places } from './places.ts';
import { placesFrom } from './places-from.ts';
import { worldTime } from './world.ts';

/** `suture ledger`: what only checks an exported ledger needs no catalog, what reads changes nothing in the store. */
export async function openLedger(cwd: string): Promise<LedgerDeps> {
  const reading = once(() => openReading(cwd));
  return {
    entries: async (after, until) => entriesOf((await reading()).chain(after, until)),
    head: async () => (await reading()).head(),
    sealedUntil: async () => (await reading()).sealedUntil(),
    async verify({ bundle, keys, ...options }) {
      const places = bundle === null ? await placesFrom(cwd) : await placesFrom(cwd).catch(noPlaces);
      const from = keys.length > 0 ? { files: keys } : places === undefined ? null : { folder: places.keys };
      const trusted = {
        keys: from === null ? new Map<string, string>() : await trustedKeys(from),
        named: keys.length > 0,
      };
      if (bundle !== null) return await checkBundle(bundle, { ...options, trusted });
      const { blobs: folder } = places ?? (await placesFrom(cwd));
      const [blobs, bytes] = [evidenceIn(folder), (digest: string) => readFile(blobPath(folder, digest))];
      return await checkLedger((await reading()).chain(), { ...options, trusted, blobs, bytes });
    },
    async export({ folder, withEvidence, until }) {
      const places = await placesFrom(cwd);
      // Whoever gets it must not depend on when the factory would have signed next. What is past cannot be signed any more.
      const signer = until === null ? await signerAt(places.keys) : undefined;
      const signed = signer === undefined ? null : await writing(cwd, (at) => signUnsigned(at, signer));
      const { writeBundle } = await import('../io/ledger/write-bundle.ts');
      const keys = await trustedKeys({ folder: places.keys });
      const chain = (await reading()).chain(0, until ?? undefined);
      const evidence = withEvidence ? 'all' : 'inventories';
      const manifest = await writeBundle(folder, { chain, blobs: places.blobs, keys, evidence });
      return { ...manifest, signedNow: signed !== null };
    },
    import: async ({ folder, keys, unsignedMax }) =>
      await writing(cwd, async ({ places, clock, store }) => {
        const answer = await importBundle(folder, { keys, unsignedMax, places, store });
        const { facts, obligations } = store;
        keepHeapSteady();
        await assess(emptyMemory(), { clock, facts, obligations, blobs: folderBlobs(places.blobs) });
        return answer;
      }),
    evidence: async (digest) => await evidenceIn((await placesFrom(cwd)).blobs)(digest),
    sign: async () => await writing(cwd, async (at) => await signUnsigned(at, await openSigner(at.places.keys))),
    open: async (seq) =>
      await writing(cwd, async ({ places, clock, store }) => {
        const vault = await openVault(places.keys);
        return await openSealed({ clock, facts: store.facts, store, vault }, seq ?? undefined);
      }),
    erase: async (which) =>
      await writing(cwd, async ({ clock, store }) => await erasePayload(which, { clock, facts: store.facts, store })),
    async close() {
      if (reading.begun()) await (await reading()).close();
    },
  };
}

/** Null when all is signed: the newest fact signs the head right before it. */
async function signUnsigned({ clock, store }: Writing, sign: HeadSigner): Promise<SignedHead | null> {
  const { seq } = await store.facts.head();
  const [newest] = await Array.fromAsync(store.facts.facts(Math.max(0, seq - 1)));
  const signedAt = newest?.type === 'head-signed' && newest.payload.seq === seq - 1 ? seq : null;
  const fact = await signHead({ clock, facts: store.facts, sign }, signedAt);
  return fact?.type === 'head-signed' ? fact.payload : null;
}

function noPlaces(error: unknown): undefined {
  if (!(error instanceof Failure)) throw error;
}

function evidenceIn(blobs: string) {
  return async (digest: string) =>
    parseDigest(digest) === undefined ? 'missing' : await checkBlob(blobPath(blobs, digest), digest);
}

async function* entriesOf<T>(pages: AsyncIterable<readonly T[]>): AsyncIterable<T> {
  for await (const page of pages) yield* page;
}

interface Writing {
  readonly places: Places;
  readonly clock: ClockDeps;
  readonly store: Store;
}

async function writing<T>(cwd: string, work: (at: Writing) => Promise<T>): Promise<T> {
  const places = await placesFrom(cwd);
  const { clock } = await worldTime(places);
  const store = await openStore({ url: places.store, clock });
  try {
    return await work({ places, clock, store });
  } finally {
    await store.close();
  }
}

function once<T>(open: () => Promise<T>) {
  let opened: Promise<T> | undefined;
  const get = (): Promise<T> => (opened ??= open());
  return Object.assign(get, { begun: () => opened !== undefined });
}
