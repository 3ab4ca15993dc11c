import { invariant } from '../../src/core/invariant.ts';
import { chainVerifier } from '../../src/core/ledger/verify-chain.ts';
import { encodeInventory } from '../../src/core/match/inventory-json.ts';
import { assess } from '../../src/factory/assess.ts';
import { emptyMemory } from '../../src/factory/memory.ts';
import { openStore, type Store } from '../../src/io/store/open-store.ts';
import { keepHeapSteady } from '../../src/io/steady-heap.ts';
import { ledgerFacts, ledgerInventories } from './ledger-facts.ts';
import { peakMb } from './peak-mb.ts';

/** What a process of its own did with a ledger, in one line of JSON on its standard output. */
export interface Spent {
  readonly seconds: number;
  /** At the peak. */
  readonly rssMb: number;
}

export type LedgerWork = keyof typeof works;

const clock = { now: () => Temporal.Now.instant() };
const batchSize = 500;

const works = { append, 'append-singly': appendSingly, verify, rebuild };

async function append(store: Store, count: number): Promise<void> {
  let batch = [];
  for (const fact of ledgerFacts(count)) {
    batch.push(fact);
    if (batch.length < batchSize) continue;
    await store.facts.append(batch);
    batch = [];
  }
  await store.facts.append(batch);
}

async function appendSingly(store: Store, count: number): Promise<void> {
  for (const fact of ledgerFacts(count)) await store.facts.append([fact]);
}

async function verify(store: Store, count: number): Promise<void> {
  const verifier = chainVerifier({ heads: [await store.facts.head()] });
  for await (const page of store.chain()) for (const entry of page) verifier.add(entry);
  const { findings, end } = verifier.verdict();
  invariant(findings.length === 0 && end.seq === count, `the chain of ${count} facts verifies`);
}

/** Forgets the projection and makes it again from the first fact on, as a program with new rules would. */
async function rebuild(store: Store, count: number): Promise<void> {
  const inventoryOf = ledgerInventories(count);
  await store.obligations.clear();
  await assess(emptyMemory(), {
    clock,
    facts: store.facts,
    obligations: store.obligations,
    blobs: {
      get: async (digest) => {
        const inventory = inventoryOf(digest);
        return inventory && encodeInventory(inventory);
      },
    },
  });
  invariant((await store.obligations.projectedTo()) > 0, 'the ledger brings about obligations');
}

const [work, url = '', count] = process.argv.slice(2);
invariant(work !== undefined && Object.hasOwn(works, work), `${work} is a work on a ledger`);
keepHeapSteady();
const store = await openStore({ url, clock });
const start = performance.now();
await works[work as LedgerWork](store, Number(count));
const spent: Spent = { seconds: (performance.now() - start) / 1000, rssMb: peakMb() };
await store.close();
process.stdout.write(JSON.stringify(spent));
