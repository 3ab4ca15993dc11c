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
import { emptyHistory, evolve, type History, type Touched } from '../core/promise/obligations.ts';
import type { BlobStore } from './deps.ts';
import type { NewestSigned } from './ledger/sign-head.ts';
import { emptyOutcomeMemory, type OutcomeMemory } from './take-outcomes.ts';

/** What a running factory remembers of its store; made from what is there alone, so a restart makes the same again. */
export interface Memory {
  readonly history: History;
  readonly stock: Stock;
  /** Named by a confirmation that the history has yet to take in; what it needs of them it keeps itself. */
  readonly inventories: Map<Digest, Inventory>;
  /** Upstreams of all that ever was in a confirmed image. */
  readonly shipped: Set<string>;
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
    shipped: new Set(),
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

/** Takes a fact into the history. The fold is pure: what it looks up is loaded before, and let go of when it has. */
export async function takeIn(memory: Memory, fact: Fact, blobs: Pick<BlobStore, 'get'>): Promise<Touched> {
  if (fact.type !== 'image-confirmed') return evolve(memory.history, fact);
  const { inventory } = fact.payload;
  if (!memory.history.inventories.has(inventory)) await loadInventory(memory, inventory, blobs);
  const touched = evolve(memory.history, fact);
  memory.inventories.delete(inventory);
  return touched;
}

async function loadInventory(memory: Memory, digest: Digest, blobs: Pick<BlobStore, 'get'>): Promise<void> {
  const inventory = memory.inventories.get(digest) ?? (await inventoryFrom(blobs, digest));
  memory.inventories.set(digest, inventory);
  for (const { upstream } of inventory.components) memory.shipped.add(upstream);
}

async function inventoryFrom(blobs: Pick<BlobStore, 'get'>, digest: Digest): Promise<Inventory> {
  const bytes = await blobs.get(digest);
  invariant(bytes !== undefined, `the inventory ${digest} is kept as long as the fact that names it`);
  return decodeInventory(bytes);
}
