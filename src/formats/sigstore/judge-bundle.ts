import type { Digest } from '../../core/digest.ts';
import { Failure } from '../../core/failure.ts';
import { isSignedBy } from '../dsse/envelope.ts';
import type { Verifier } from '../dsse/signing-key.ts';
import { statementPayloadType } from '../in-toto/predicate-types.ts';
import { parseAttestation, type Attestation } from '../in-toto/statement.ts';
import { parseBundle } from './bundle.ts';

/** What an attached bundle is worth. Only `valid` is proof; `says` is what it claims to be about. */
export type BundleVerdict =
  | { readonly kind: 'valid'; readonly says: string; readonly attestation: Attestation }
  | { readonly kind: 'another-key'; readonly says: string; readonly keyHint: string }
  | { readonly kind: 'tampered'; readonly says: string }
  | { readonly kind: 'another-subject'; readonly says: string }
  | { readonly kind: 'unreadable'; readonly says: string; readonly why: string };

/** Judges the bundle attached to `subject` by one public key: no network, no clock. */
export function judgeBundle(bytes: Uint8Array, subject: Digest, key: Verifier): BundleVerdict {
  try {
    const { envelope, keyHint } = parseBundle(bytes);
    if (envelope.payloadType !== statementPayloadType) {
      return { kind: 'unreadable', says: '', why: `it holds ${envelope.payloadType}` };
    }
    const attestation = parseAttestation(envelope.payload);
    const says = attestation.predicateType;
    if (!isSignedBy(envelope, key)) {
      return keyHint === key.keyId ? { kind: 'tampered', says } : { kind: 'another-key', says, keyHint };
    }
    // A true signature over a statement about other bytes proves nothing about these.
    const about = attestation.subjects.some((one) => one.digest === subject);
    return about ? { kind: 'valid', says, attestation } : { kind: 'another-subject', says };
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    return { kind: 'unreadable', says: '', why: error.detail.why ?? error.message };
  }
}
