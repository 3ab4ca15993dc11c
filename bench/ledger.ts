import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Digest } from '../src/core/digest.ts';
import { invariant } from '../src/core/invariant.ts';
import { chainVerifier } from '../src/core/ledger/verify-chain.ts';
import { encodeInventory } from '../src/core/match/inventory-json.ts';
import { assess } from '../src/factory/assess.ts';
import { emptyMemory } from '../src/factory/memory.ts';
import { openStore, type Store } from '../src/io/store/open-store.ts';
import type { Measured } from './main.ts';
import { inventoryOf, ledgerFacts } from './support/ledger-facts.ts';

const factCount = Number(process.env['SUTURE_BENCH_FACTS'] ?? 1_000_000);
const batchSize = 500;
const singleCount = 300;
const clock = { now: () => Temporal.Now.instant() };

/** Durable appends in batches, the verification of the whole chain, and all obligations derived from it anew. */
export async function run(): Promise<Measured> {
  const folder = mkdtempSync(join(tmpdir(), 'suture-bench-'));
  try {
    const singleS = await withStore(join(folder, 'singles.db'), (store) => seconds(() => appendSingly(store)));
    return await withStore(join(folder, 'ledger.db'), async (store) => {
      const appendPerS = factCount / (await seconds(() => appendInBatches(store)));
      const verifyS = await seconds(() => verify(store));
      const chainRssMb = rssMbMax();
      const rebuildS = await seconds(() => rebuild(store));
      return {
        figures: {
          appendPerS: Math.round(appendPerS),
          verifyS: rounded(verifyS),
          rebuildS: rounded(rebuildS),
          facts: factCount,
          chainRssMb,
          rebuildRssMb: rssMbMax(),
        },
        ratio: { against: 'one transaction for each fact', value: rounded(appendPerS / (singleCount / singleS)) },
      };
    });
  } finally {
    rmSync(folder, { recursive: true });
  }
}

async function withStore<T>(url: string, work: (store: Store) => Promise<T>): Promise<T> {
  const store = await openStore({ url, clock });
  try {
    return await work(store);
  } finally {
    await store.close();
  }
}

async function appendSingly(store: Store): Promise<void> {
  for (const fact of ledgerFacts(singleCount)) await store.facts.append([fact]);
}

async function appendInBatches(store: Store): Promise<void> {
  let batch = [];
  for (const fact of ledgerFacts(factCount)) {
    batch.push(fact);
    if (batch.length < batchSize) continue;
    await store.facts.append(batch);
    batch = [];
  }
  await store.facts.append(batch);
}

async function verify(store: Store): Promise<void> {
  const verifier = chainVerifier({ heads: [await store.facts.head()] });
  for await (const page of store.chain()) for (const entry of page) verifier.add(entry);
  const { findings, end } = verifier.verdict();
  invariant(findings.length === 0 && end.seq === factCount, `the chain of ${factCount} facts verifies`);
}

/** Forgets the projection and makes it again from the first fact on, as a program with new rules would. */
async function rebuild(store: Store): Promise<void> {
  await store.obligations.clear();
  await assess(emptyMemory(), {
    clock,
    facts: store.facts,
    obligations: store.obligations,
    blobs: { get: inventoryBytes },
  });
  invariant((await store.obligations.projectedTo()) > 0, 'the ledger brings about obligations');
}

async function inventoryBytes(digest: Digest): Promise<Uint8Array | undefined> {
  const inventory = inventoryOf(digest);
  return inventory && encodeInventory(inventory);
}

async function seconds(work: () => Promise<void>): Promise<number> {
  const start = performance.now();
  await work();
  return (performance.now() - start) / 1000;
}

/** The most memory that the process has had so far. */
function rssMbMax(): number {
  return Math.round(process.resourceUsage().maxRSS / 1024);
}

function rounded(value: number): number {
  return Number(value.toPrecision(3));
}
