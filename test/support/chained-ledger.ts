import { digestOf, type Digest } from '../../src/core/digest.ts';
import type { Fact, NewFact } from '../../src/core/fact.ts';
import { chain, type ChainEntry, draftOf } from '../../src/core/ledger/envelope.ts';
import { headPayload } from '../../src/core/ledger/head-signing.ts';
import { encodeInventory } from '../../src/core/match/inventory-json.ts';
import type { Signer } from '../../src/formats/dsse/signing-key.ts';
import type { Ledger } from './promise-story.ts';

/** A told ledger as a store would hold it: real ids, hashes and digests, and the inventories as they are kept. */
export interface ChainedLedger {
  readonly entries: readonly ChainEntry[];
  readonly facts: readonly Fact[];
  readonly inventories: ReadonlyMap<Digest, Uint8Array>;
}

/** With a signer, the head after every `signEvery` facts is signed by a fact of its own. */
export function chainedLedger(
  { facts: told, inventoryOf }: Ledger,
  signing: { readonly signer: Signer; readonly signEvery: number } | null = null,
): ChainedLedger {
  const entries: ChainEntry[] = [];
  const facts: Fact[] = [];
  const inventories = new Map<Digest, Uint8Array>();
  const ids = new Map<string, string>();
  const append = (fact: NewFact, recordedAt: Temporal.Instant): void => {
    const made = chain(draftOf(fact), entries.at(-1) ?? null, recordedAt);
    entries.push(made.entry);
    facts.push(made.fact);
  };
  for (const fact of told) {
    append({ ...withRealDigests(fact), sourceKey: String(fact.seq) } as NewFact, fact.recordedAt);
    ids.set(fact.id, facts.at(-1)?.id ?? '');
    const last = entries.at(-1);
    if (signing === null || last === undefined || fact.seq % signing.signEvery !== 0) continue;
    const signature = signing.signer.sign(new TextEncoder().encode(headPayload(last)));
    const payload = { seq: last.seq, hash: last.hash, keyId: signing.signer.keyId };
    const at = { from: fact.recordedAt, to: fact.recordedAt };
    const signed = { ...payload, signature: Buffer.from(signature).toString('base64') };
    append({ type: 'head-signed', at, by: 'test', payload: signed, evidence: [] }, fact.recordedAt);
  }
  return { entries, facts, inventories };

  function withRealDigests(fact: Fact): NewFact {
    const { type, at, by, payload, evidence } = fact;
    const plain = { type, at, by, evidence, payload } as NewFact;
    if (plain.type === 'evidence-corrected')
      return { ...plain, payload: { ...plain.payload, fact: ids.get(plain.payload.fact) ?? plain.payload.fact } };
    if (plain.type !== 'image-confirmed') return plain;
    const inventory = inventoryOf(plain.payload.inventory);
    if (inventory === undefined) return plain;
    const bytes = encodeInventory(inventory);
    const digest = digestOf(bytes);
    inventories.set(digest, bytes);
    return { ...plain, payload: { ...plain.payload, inventory: digest } };
  }
}
