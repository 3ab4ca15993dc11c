import * as z from 'zod';
import { Failure } from '../../core/failure.ts';
import { envelopeJson, parseEnvelope, type Envelope } from '../dsse/envelope.ts';

/** A Sigstore bundle v0.3 signed with a key pair: one DSSE envelope and a hint at the key (sigstore/protobuf-specs). */
export interface Bundle {
  readonly envelope: Envelope;
  /** Whose key it says it is: never trusted, only used to say what probably went wrong. */
  readonly keyHint: string;
}

export const bundleMediaType = 'application/vnd.dev.sigstore.bundle.v0.3+json';

/** Annotations by which cosign finds a bundle among the referrers of an image. */
export function bundleAnnotations(predicateType: string): Readonly<Record<string, string>> {
  return {
    'dev.sigstore.bundle.content': 'dsse-envelope',
    'dev.sigstore.bundle.predicateType': predicateType,
  };
}

export function encodeBundle(bundle: Bundle): Uint8Array {
  return new TextEncoder().encode(
    JSON.stringify({
      mediaType: bundleMediaType,
      verificationMaterial: { publicKey: { hint: bundle.keyHint }, tlogEntries: [] },
      dsseEnvelope: envelopeJson(bundle.envelope),
    }),
  );
}

/** E0301 when the bytes are no such bundle; message bundles and certificates are not read. */
export function parseBundle(bytes: Uint8Array): Bundle {
  const parsed = bundleSchema.safeParse(jsonOf(bytes));
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    throw malformed(`${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'not as it should be'}`);
  }
  const { verificationMaterial, dsseEnvelope } = parsed.data;
  return { envelope: parseEnvelope(dsseEnvelope), keyHint: verificationMaterial.publicKey.hint };
}

const bundleSchema = z.object({
  mediaType: z.literal(bundleMediaType),
  verificationMaterial: z.object({ publicKey: z.object({ hint: z.string().max(500).default('') }) }),
  dsseEnvelope: z.unknown(),
});

function jsonOf(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch (cause) {
    throw malformed('it is not JSON', cause);
  }
}

function malformed(why: string, cause?: unknown): Failure {
  return new Failure('E0301', 'The signature bundle cannot be read', {
    why,
    ...(cause === undefined ? {} : { cause }),
  });
}
