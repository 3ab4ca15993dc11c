import { decodeInventory } from '../core/match/inventory-json.ts';
import type { Catalog } from '../core/catalog/catalog.ts';
import type { Digest } from '../core/digest.ts';
import type { Fact } from '../core/fact.ts';
import { invariant } from '../core/invariant.ts';
import type { Inventory } from '../core/match/inventory.ts';
import { noOffers, type Offers } from '../core/plan/offers.ts';
import { ObligationBook } from '../core/plan/obligation-book.ts';
import { Planner } from '../core/plan/plan.ts';
import type { Reason } from '../core/plan/step.ts';
import { emptyStock, type Stock } from '../core/plan/stock.ts';
import { emptyHistory, type History } from '../core/promise/obligations.ts';
import type { BlobStore } from './deps.ts';
import type { NewestSigned } from './ledger/sign-head.ts';
import { emptyOutcomeMemory, type OutcomeMemory } from './take-outcomes.ts';

/** What a running factory remembers of its store; made from what is there alone, so a restart makes the same again. */
export interface Memory {
  readonly history: History;
  readonly stock: Stock;
  readonly inventories: Map<Digest, Inventory>;
  /** Open obligations, and ended ones that still lack their receipt, by id. */
  readonly obligations: ObligationBook;
  /** What was last noted about why an obligation stands where it stands. */
  readonly reasons: Map<string, Pick<Reason, 'who' | 'text'>>;
  readonly outcomes: OutcomeMemory;
  /** How often a look found other merged fixes than before. */
  fixesFound: number;
  readonly planner: Planner;
  /** What distributions offered when the last plan was made. */
  offers: Offers;
  /** The catalog that the ledger was last seen to declare, and after how many declarations. */
  declared: { readonly catalog: Catalog; readonly declarations: number } | null;
  /** The last fact taken in. */
  seq: number;
  /** The newest `head-signed` fact. */
  signed: NewestSigned | null;
  /** The last sign of life that was noted, and whether nothing was left to do then. */
  pulse: { readonly at: Temporal.Instant; readonly wasIdle: boolean } | null;
  /** When the obligations were judged last. */
  assessedAt: Temporal.Instant | null;
}

export function emptyMemory(): Memory {
  const inventories = new Map<Digest, Inventory>();
  return {
    history: emptyHistory((digest) => inventories.get(digest)),
    stock: emptyStock(),
    inventories,
    obligations: new ObligationBook(),
    reasons: new Map(),
    outcomes: emptyOutcomeMemory(),
    fixesFound: 0,
    planner: new Planner(),
    offers: noOffers,
    declared: null,
    seq: 0,
    signed: null,
    pulse: null,
    assessedAt: null,
  };
}

/** Loads the inventory that a confirmation names, so that the fold, which is pure, can look it up. */
export async function rememberInventory(memory: Memory, fact: Fact, blobs: Pick<BlobStore, 'get'>): Promise<void> {
  if (fact.type !== 'image-confirmed' || memory.inventories.has(fact.payload.inventory)) return;
  const bytes = await blobs.get(fact.payload.inventory);
  invariant(bytes !== undefined, `the inventory ${fact.payload.inventory} is kept as long as the fact that names it`);
  memory.inventories.set(fact.payload.inventory, decodeInventory(bytes));
}
