import { Failure } from '../../core/failure.ts';
import type { ChainEntry } from '../../core/ledger/envelope.ts';
import { mayBeErased } from '../../core/ledger/withheld.ts';
import type { ClockDeps, FactStore, WithheldStore } from '../deps.ts';

export interface ErasePayloadDeps {
  readonly clock: ClockDeps;
  readonly facts: Pick<FactStore, 'append'>;
  readonly store: {
    readonly withheld: Pick<WithheldStore, 'erase'>;
    chain(after?: number): AsyncIterable<readonly ChainEntry[]>;
  };
}

export interface Erasure {
  readonly seq: number;
  readonly reason: string;
  /** Who asked for it to be done: a role, as this stays for ever. */
  readonly by: string;
}

/**
 * Removes what a fact says and states that it was removed; the chain holds. Stated first: a payload that is gone without a
 * word would be a finding. Run again after a crash it removes what is left. E0902 for facts that may not be erased.
 */
export async function erasePayload(
  { seq, reason, by }: Erasure,
  deps: ErasePayloadDeps,
): Promise<{ readonly id: string }> {
  const { id, type } = await entryAt(seq, deps.store);
  if (!mayBeErased(type)) {
    throw new Failure('E0902', `Fact ${seq} is ${type}: it may not be erased`, {
      why: 'without it a figure could look better than it was; facts about people are exception-granted and review-decided',
      kept: 'the fact, as it is',
    });
  }
  const now = deps.clock.now();
  const payload = { fact: id, reason };
  await deps.facts.append([{ type: 'payload-erased', at: { from: now, to: now }, by, payload, evidence: [] }]);
  await deps.store.withheld.erase(seq);
  return { id };
}

async function entryAt(seq: number, store: ErasePayloadDeps['store']): Promise<ChainEntry> {
  for await (const [entry] of store.chain(seq - 1)) if (entry?.seq === seq) return entry;
  throw new Failure('E0902', `There is no fact ${seq}`, { kept: 'everything', hint: 'suture ledger list' });
}
