import type { Digest } from '../digest.ts';
import type { Fact } from '../fact.ts';
import type { Inventory } from '../match/inventory.ts';
import type { Policy } from './policy.ts';
import type { Obligation } from './standing.ts';

/** Looks up an inventory by the digest that `image-confirmed` names. */
export type InventoryOf = (digest: Digest) => Inventory | undefined;

/** An index over the facts recorded so far; grows by `evolve`, holds no judgement. */
export interface History {
  readonly seq: number;
}

/** (smallest vulnerability id, line) pairs whose obligation may have changed. */
export interface Touched {
  readonly obligations: readonly { readonly vulnerability: string; readonly line: string }[];
}

export declare function emptyHistory(inventoryOf: InventoryOf): History;
export declare function evolve(history: History, fact: Fact): Touched;
export declare function obligations(
  history: History,
  now: Temporal.Instant,
  options?: { readonly policy?: Policy },
): readonly Obligation[];
export declare function obligationOf(
  history: History,
  vulnerability: string,
  line: string,
  now: Temporal.Instant,
): Obligation | undefined;
