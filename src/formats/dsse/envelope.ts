import * as z from 'zod';
import { Failure } from '../../core/failure.ts';
import type { Signer, Verifier } from './signing-key.ts';

/** A payload with signatures over it and its type (DSSE 1.0, envelope.md). */
export interface Envelope {
  readonly payloadType: string;
  readonly payload: Uint8Array;
  readonly signatures: readonly Uint8Array[];
}

/** The JSON form; base64 inside. */
export interface EnvelopeJson {
  readonly payload: string;
  readonly payloadType: string;
  readonly signatures: readonly { readonly sig: string; readonly keyid: string }[];
}

export function signEnvelope(payloadType: string, payload: Uint8Array, signer: Signer): Envelope {
  return { payloadType, payload, signatures: [signer.sign(preAuthentication(payloadType, payload))] };
}

/** Whether one of the signatures is the key's, over exactly this type and payload. */
export function isSignedBy(envelope: Envelope, key: Verifier): boolean {
  const signed = preAuthentication(envelope.payloadType, envelope.payload);
  return envelope.signatures.some((signature) => key.verifies(signed, signature));
}

/** PAE: `DSSEv1 <length> <type> <length> <payload>`, lengths in bytes (DSSE 1.0, protocol.md). */
export function preAuthentication(payloadType: string, payload: Uint8Array): Uint8Array {
  const type = Buffer.from(payloadType, 'utf8');
  return Buffer.concat([Buffer.from(`DSSEv1 ${type.length} `), type, Buffer.from(` ${payload.length} `), payload]);
}

/** `keyid` is empty on purpose: cosign passes over a signature whose hint is not its own name for the key. */
export function envelopeJson(envelope: Envelope): EnvelopeJson {
  return {
    payload: Buffer.from(envelope.payload).toString('base64'),
    payloadType: envelope.payloadType,
    signatures: envelope.signatures.map((signature) => ({ sig: Buffer.from(signature).toString('base64'), keyid: '' })),
  };
}

/** Reads the JSON form. E0301 naming the field when it is none. */
export function parseEnvelope(json: unknown): Envelope {
  const parsed = envelopeSchema.safeParse(json);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  throw new Failure('E0301', 'The signed envelope cannot be read', {
    why: `${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'not as it should be'}`,
  });
}

// Standard base64 with padding; DSSE allows the URL form too, which nobody here writes.
const base64 = z
  .string()
  .regex(/^[A-Za-z0-9+/]*={0,2}$/, 'is not base64')
  .transform((text): Uint8Array => Buffer.from(text, 'base64'));

const envelopeSchema = z.object({
  payloadType: z.string().min(1).max(255),
  payload: base64,
  signatures: z.array(z.object({ sig: base64 }).transform(({ sig }) => sig)).max(16),
});
