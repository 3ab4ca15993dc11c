import { canonicalJson } from './canonical-json.ts';

/** The end of a chain: who keeps one elsewhere notices when the chain is cut short or written anew. */
export interface ChainHead {
  /** 0 for the empty chain. */
  readonly seq: number;
  /** SHA-256 hex; 64 zeros for the empty chain. */
  readonly hash: string;
}

/** A head with who vouches for it: the payload of a `head-signed` fact. */
export interface SignedHead extends ChainHead {
  /** SHA-256 hex of the public key in SPKI DER. */
  readonly keyId: string;
  /** Base64 of a DER signature over `headPayload`. */
  readonly signature: string;
}

/** Says whose signature it is: of a trusted key, not of the head, or of a key that nobody told us to trust. */
export type JudgeHead = (head: SignedHead) => 'good' | 'wrong' | 'stranger';

/** Names what is signed, so that the signature cannot be passed off as one over something else. */
export const headPayloadType = 'application/vnd.suture.ledger-head+json';

/** The text, to be signed as UTF-8, that a `head-signed` fact's signature covers. */
export function headPayload(head: ChainHead): string {
  return canonicalJson({ hash: head.hash, seq: head.seq, type: headPayloadType });
}

/** What a payload from outside says; undefined when it is no signed head. */
export function parseSignedHead(payload: unknown): SignedHead | undefined {
  if (typeof payload !== 'object' || payload === null) return undefined;
  const { seq, hash, keyId, signature } = payload as Readonly<Record<string, unknown>>;
  if (typeof seq !== 'number' || !Number.isSafeInteger(seq) || seq < 1) return undefined;
  if (typeof hash !== 'string' || typeof keyId !== 'string' || typeof signature !== 'string') return undefined;
  return { seq, hash, keyId, signature };
}
