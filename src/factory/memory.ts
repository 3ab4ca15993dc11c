import { decodeInventory } from '../core/match/inventory-json.ts';
import type { Digest } from '../core/digest.ts';
import type { Fact } from '../core/fact.ts';
import { invariant } from '../core/invariant.ts';
import type { Inventory } from '../core/match/inventory.ts';
import { emptyStock, type Stock } from '../core/plan/stock.ts';
import { emptyHistory, type History } from '../core/promise/obligations.ts';
import type { Obligation } from '../core/promise/standing.ts';
import type { BlobStore } from './deps.ts';

/** What a running factory remembers of the ledger; made from facts alone, so a restart makes the same again. */
export interface Memory {
  readonly history: History;
  readonly stock: Stock;
  readonly inventories: Map<Digest, Inventory>;
  /** Open obligations, and ended ones that still lack their receipt, by id. */
  readonly obligations: Map<string, Obligation>;
  /** What was last noted about why an obligation stands where it stands. */
  readonly reasons: Map<string, string>;
  /** The last fact taken in. */
  seq: number;
  /** When the obligations were judged last. */
  assessedAt: Temporal.Instant | null;
}

export function emptyMemory(): Memory {
  const inventories = new Map<Digest, Inventory>();
  return {
    history: emptyHistory((digest) => inventories.get(digest)),
    stock: emptyStock(),
    inventories,
    obligations: new Map(),
    reasons: new Map(),
    seq: 0,
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
