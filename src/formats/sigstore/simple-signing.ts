import * as z from 'zod';
import { parseDigest, type Digest } from '../../core/digest.ts';
import type { Signer, Verifier } from '../dsse/signing-key.ts';
import { layeredManifest, type LayeredManifest } from './layered-manifest.ts';

/** The signature over a digest that every cosign knows (cosign specs/SIGNATURE_SPEC.md, "SIMPLE_SIGNING"). */
export interface ImageSignature {
  /** The exact bytes that were signed. */
  readonly payload: Uint8Array;
  readonly signature: Uint8Array;
  /** Whose key it says it is; not trusted. */
  readonly keyHint: string;
}

export const simpleSigningMediaType = 'application/vnd.dev.cosign.simplesigning.v1+json';
export const signatureAnnotation = 'dev.cosignproject.cosign/signature';
/** Ours; cosign passes over it. */
export const keyAnnotation = 'suture.key';

/** Signs the digest of an image under its public name: the manifest that belongs under `signatureTag(digest)`. */
export function signatureManifest(
  image: { readonly repository: string; readonly digest: Digest },
  signer: Signer,
): LayeredManifest {
  const payload = new TextEncoder().encode(
    JSON.stringify({
      critical: {
        identity: { 'docker-reference': image.repository },
        image: { 'docker-manifest-digest': image.digest },
        type: 'cosign container image signature',
      },
      optional: null,
    }),
  );
  const signature = Buffer.from(signer.sign(payload)).toString('base64');
  return layeredManifest([
    {
      mediaType: simpleSigningMediaType,
      content: payload,
      annotations: { [signatureAnnotation]: signature, [keyAnnotation]: signer.keyId },
    },
  ]);
}

export type SignatureVerdict =
  | { readonly kind: 'signed' }
  | { readonly kind: 'another-digest'; readonly signed: Digest }
  | { readonly kind: 'another-key'; readonly keyHint: string }
  | { readonly kind: 'tampered' }
  | { readonly kind: 'unreadable' };

/** What a signature is worth for these bytes. Only `signed` is proof; the others say what probably happened. */
export function judgeSignature(found: ImageSignature, image: Digest, key: Verifier): SignatureVerdict {
  if (!key.verifies(found.payload, found.signature)) {
    const claimsOurs = found.keyHint === key.keyId;
    return claimsOurs ? { kind: 'tampered' } : { kind: 'another-key', keyHint: found.keyHint };
  }
  const signed = signedDigest(found.payload);
  if (signed === undefined) return { kind: 'unreadable' };
  return signed === image ? { kind: 'signed' } : { kind: 'another-digest', signed };
}

function signedDigest(payload: Uint8Array): Digest | undefined {
  try {
    const parsed = payloadSchema.safeParse(JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(payload)));
    return parsed.success ? parseDigest(parsed.data.critical.image['docker-manifest-digest']) : undefined;
  } catch {
    return undefined;
  }
}

const payloadSchema = z.object({
  critical: z.object({
    image: z.object({ 'docker-manifest-digest': z.string() }),
    type: z.literal('cosign container image signature'),
  }),
});
