import type { NewFact } from '../../core/fact.ts';
import { type ChainEntry, factFromEntry } from '../../core/ledger/envelope.ts';
import { invariant } from '../../core/invariant.ts';
import type { ClockDeps, FactStore, SealedPayload, Vault, WithheldStore } from '../deps.ts';

export interface OpenSealedDeps {
  readonly clock: ClockDeps;
  readonly facts: Pick<FactStore, 'append'>;
  readonly store: {
    readonly withheld: Pick<WithheldStore, 'sealed' | 'reveal'>;
    chain(after?: number): AsyncIterable<readonly ChainEntry[]>;
  };
  readonly vault: Pick<Vault, 'open'>;
}

/**
 * Opens what was sealed until now, or one fact before its date (`seq`): states it again in a fact of its own, which counts
 * from now on, and shows the payload where it was sealed. Safe to repeat. Returns the places that were opened.
 */
export async function openSealed(deps: OpenSealedDeps, seq?: number): Promise<readonly number[]> {
  const due = (await deps.store.withheld.sealed()).filter((each) => each.box !== null && isDue(each, deps, seq));
  for (const sealed of due) await open(sealed, deps);
  return due.map((each) => each.seq);
}

function isDue(sealed: SealedPayload, { clock }: OpenSealedDeps, seq: number | undefined): boolean {
  if (seq !== undefined) return sealed.seq === seq;
  return Temporal.Instant.compare(sealed.until, clock.now()) <= 0;
}

async function open({ seq, box }: SealedPayload, deps: OpenSealedDeps): Promise<void> {
  const entry = await entryAt(seq, deps);
  const payloadText = deps.vault.open(box ?? '', entry.id);
  const fact = factFromEntry({ ...entry, payloadText });
  invariant(fact !== undefined, 'what was opened can be read');
  const { type, at, by, payload, evidence } = fact;
  // The source key tells it from the sealed one; opened twice after a crash it is the same fact.
  await deps.facts.append([{ type, at, by, payload, evidence, sourceKey: `opened ${fact.id}` } as NewFact]);
  await deps.store.withheld.reveal(seq, payloadText);
}

async function entryAt(seq: number, { store }: OpenSealedDeps): Promise<ChainEntry> {
  for await (const [entry] of store.chain(seq - 1)) if (entry?.seq === seq) return entry;
  throw new TypeError(`fact ${seq} is in the ledger that sealed it`);
}
