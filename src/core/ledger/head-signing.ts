import { canonicalJson } from './canonical-json.ts';

/** The end of a chain: who keeps one elsewhere notices when the chain is cut short or written anew. */
export interface ChainHead {
  /** 0 for the empty chain. */
  readonly seq: number;
  /** SHA-256 hex; 64 zeros for the empty chain. */
  readonly hash: string;
}

/** Names what is signed, so that the signature cannot be passed off as one over something else. */
export const headPayloadType = 'application/vnd.suture.ledger-head+json';

/** The text, to be signed as UTF-8, that a `head-signed` fact's signature covers. */
export function headPayload(head: ChainHead): string {
  return canonicalJson({ hash: head.hash, seq: head.seq, type: headPayloadType });
}
