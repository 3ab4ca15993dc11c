import { digestOf } from '../../core/digest.ts';
import { signEnvelope } from '../dsse/envelope.ts';
import type { Signer } from '../dsse/signing-key.ts';
import { predicateTypes, statementPayloadType } from '../in-toto/predicate-types.ts';
import { encodeAttestation, type Attestation } from '../in-toto/statement.ts';
import { bundleAnnotations, bundleMediaType, encodeBundle } from './bundle.ts';

/** Shape of a referrer's document; the same as the factory's `Attachment`. */
export interface SignedDocument {
  readonly artifactType: string;
  readonly mediaType: string;
  readonly bytes: Uint8Array;
  readonly annotations: Readonly<Record<string, string>>;
  readonly fileName: string;
}

/**
 * Digest of what was signed. Signatures differ each time, so this is how a publisher that runs twice knows that the
 * same thing is attached already.
 */
export const statementAnnotation = 'suture.statement';

/** A statement, signed, in the form in which it is attached to an image. */
export function signedAttestation(attestation: Attestation, signer: Signer): SignedDocument {
  const payload = encodeAttestation(attestation);
  const envelope = signEnvelope(statementPayloadType, payload, signer);
  return {
    artifactType: bundleMediaType,
    mediaType: bundleMediaType,
    bytes: encodeBundle({ envelope, keyHint: signer.keyId }),
    annotations: {
      ...bundleAnnotations(attestation.predicateType),
      [statementAnnotation]: digestOf(payload),
    },
    fileName: `${shortName(attestation.predicateType)}.sigstore.json`,
  };
}

function shortName(predicateType: string): string {
  return Object.entries(predicateTypes).find(([, type]) => type === predicateType)?.[0] ?? 'statement';
}
