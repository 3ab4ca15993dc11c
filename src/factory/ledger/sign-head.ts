import type { LedgerSettings } from '../../core/catalog/catalog.ts';
import type { Fact } from '../../core/fact.ts';
import { headPayload } from '../../core/ledger/head-signing.ts';
import type { ClockDeps, FactStore } from '../deps.ts';

export interface SignHeadDeps {
  readonly clock: ClockDeps;
  readonly facts: Pick<FactStore, 'append' | 'head'>;
  readonly sign: HeadSigner;
}

export interface HeadSigner {
  readonly keyId: string;
  sign(bytes: Uint8Array): Uint8Array;
}

/**
 * Signs the chain as it ends now and says so in a fact; undefined for an empty ledger, and where the newest fact is
 * itself a signed head (`signedAt`): then nothing happened since.
 */
export async function signHead(deps: SignHeadDeps, signedAt: number | null = null): Promise<Fact | undefined> {
  const head = await deps.facts.head();
  if (head.seq === 0 || head.seq === signedAt) return undefined;
  const signature = deps.sign.sign(new TextEncoder().encode(headPayload(head)));
  const now = deps.clock.now();
  const [fact] = await deps.facts.append([
    {
      type: 'head-signed',
      at: { from: now, to: now },
      by: 'suture',
      payload: {
        seq: head.seq,
        hash: head.hash,
        keyId: deps.sign.keyId,
        signature: Buffer.from(signature).toString('base64'),
      },
      evidence: [],
    },
  ]);
  return fact;
}

/** The newest `head-signed` fact that was seen. */
export interface NewestSigned {
  readonly seq: number;
  readonly recordedAt: Temporal.Instant;
}

/** Whether facts have been waiting for a signature long enough, or are many enough. `seq` is the newest fact. */
export function isHeadDue(
  signed: NewestSigned | null,
  { seq, now, when }: { readonly seq: number; readonly now: Temporal.Instant; readonly when: LedgerSettings },
): boolean {
  if (signed === null) return seq > 0;
  const waiting = seq - signed.seq;
  if (waiting <= 0) return false;
  return waiting >= when.signFacts || now.since(signed.recordedAt).total('seconds') >= when.signEverySeconds;
}
