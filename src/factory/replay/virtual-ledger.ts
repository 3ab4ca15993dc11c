import { type Digest, digestOf } from '../../core/digest.ts';
import type { Fact, NewFact } from '../../core/fact.ts';
import { chain, draftOf } from '../../core/ledger/envelope.ts';
import { nextRecordedAt } from '../../core/ledger/recorded-at.ts';
import type { Component, Inventory } from '../../core/match/inventory.ts';
import { encodeInventory } from '../../core/match/inventory-json.ts';

/** A ledger in memory: chained as on disk, told the time with each fact. */
export class VirtualLedger {
  readonly inventories: Map<Digest, Inventory>;
  readonly #facts: Fact[] = [];
  readonly #ids = new Set<string>();

  /** Keeps inventories where the one who folds the facts looks for them. */
  constructor(inventories: Map<Digest, Inventory>) {
    this.inventories = inventories;
  }

  append(fact: NewFact, now: Temporal.Instant): void {
    const draft = draftOf(fact);
    if (this.#ids.has(draft.id)) return;
    this.#ids.add(draft.id);
    const last = this.#facts.at(-1);
    this.#facts.push(chain(draft, last ?? null, nextRecordedAt(last?.recordedAt ?? null, now)).fact);
  }

  /** What a line holds from now on, read from its bytes as it were. */
  confirm(
    image: { readonly line: string; readonly manifest: Digest; readonly components: readonly Component[] },
    now: Temporal.Instant,
  ): void {
    const inventory = { packages: [], components: image.components };
    const digest = digestOf(encodeInventory(inventory));
    this.inventories.set(digest, inventory);
    const { line, manifest } = image;
    this.append(
      {
        type: 'image-confirmed',
        at: { from: now, to: now },
        by: 'replay',
        payload: { line, architecture: 'amd64', digest: manifest, inventory: digest, advisorySet: digestOf('') },
        evidence: [],
        sourceKey: now.toString(),
      },
      now,
    );
  }

  async *facts(after = 0): AsyncGenerator<Fact> {
    for (let at = after; at < this.#facts.length; at += 1) {
      const fact = this.#facts[at];
      if (fact !== undefined) yield fact;
    }
  }

  newest(): Fact | undefined {
    return this.#facts.at(-1);
  }
}
