import type { Digest } from '../digest.ts';
import type { NewFact } from '../fact.ts';
import { canonicalJson } from './canonical-json.ts';
import { sha256 } from './sha256.ts';

/**
 * What a fact is known by: SHA-256 hex over its type, its payload and its source key. Saying the same thing twice gives
 * the same id, whenever and by whomever it is said, so a retry after a crash appends nothing.
 */
export function factId(fact: Pick<NewFact, 'type' | 'payload' | 'sourceKey'>): string {
  return factIdOf(fact.type, payloadDigest(canonicalJson(fact.payload)), fact.sourceKey);
}

/** The same id from the payload's digest: what can still be computed when the payload is sealed or erased. */
export function factIdOf(type: string, payload: Digest, sourceKey: string | undefined): string {
  return sha256(canonicalJson([type, payload, sourceKey ?? null]));
}

/** Digest of a payload's canonical JSON text in UTF-8. */
export function payloadDigest(canonicalText: string): Digest {
  return `sha256:${sha256(canonicalText)}` as Digest;
}
