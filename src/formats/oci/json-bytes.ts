import { Failure } from '../../core/failure.ts';
import type * as z from 'zod';

/** Manifests beyond this are refused by registries too (OCI distribution-spec, "Pushing Manifests"). */
const DOCUMENT_BYTES_MAX = 4 * 2 ** 20;

export function encodeJson(value: unknown): Uint8Array {
  return Buffer.from(JSON.stringify(value));
}

/** A bounded JSON document in its schema: E0205 too large, E0404 anything else that is wrong. */
export function parseJson<T>(
  bytes: Uint8Array,
  schema: z.ZodType<T>,
  { what, at }: { readonly what: string; readonly at: string },
): T {
  if (bytes.length > DOCUMENT_BYTES_MAX) {
    throw new Failure('E0205', `The ${what} ${at} is larger than ${DOCUMENT_BYTES_MAX} bytes`, { at });
  }
  const parsed = schema.safeParse(valueOf(bytes, what, at));
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  const why = `${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'is not as it should be'}`;
  throw new Failure('E0404', `The ${what} ${at} is not valid`, { at, why });
}

function valueOf(bytes: Uint8Array, what: string, at: string): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch (cause) {
    throw new Failure('E0404', `The ${what} ${at} is not JSON`, { at, cause });
  }
}
