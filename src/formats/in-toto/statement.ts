import * as z from 'zod';
import { parseDigest, type Digest } from '../../core/digest.ts';
import { Failure } from '../../core/failure.ts';

/** An in-toto Statement v1: something said about bytes known by their digest. */
export interface Attestation {
  readonly subjects: readonly { readonly name: string; readonly digest: Digest }[];
  readonly predicateType: string;
  readonly predicate: unknown;
}

const STATEMENT_TYPE = 'https://in-toto.io/Statement/v1';
const STATEMENT_BYTES_MAX = 64 * 1024 * 1024;

/** The same attestation gives the same bytes. */
export function encodeAttestation(attestation: Attestation): Uint8Array {
  const statement = {
    _type: STATEMENT_TYPE,
    subject: attestation.subjects.map(({ name, digest }) => ({ name, digest: { sha256: hexOf(digest) } })),
    predicateType: attestation.predicateType,
    predicate: attestation.predicate,
  };
  return new TextEncoder().encode(JSON.stringify(statement));
}

/** E0301 when the bytes are no statement; subjects without a SHA-256 are left out. */
export function parseAttestation(bytes: Uint8Array): Attestation {
  if (bytes.length > STATEMENT_BYTES_MAX) throw malformed('it is too large');
  const parsed = statementSchema.safeParse(jsonOf(bytes));
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    throw malformed(`${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'not as it should be'}`);
  }
  const { subject, predicateType, predicate } = parsed.data;
  const subjects = subject.flatMap(({ name, digest }) => {
    const known = parseDigest(`sha256:${digest['sha256'] ?? ''}`);
    return known === undefined ? [] : [{ name: name ?? '', digest: known }];
  });
  return { subjects, predicateType, predicate };
}

const statementSchema = z.object({
  _type: z.literal(STATEMENT_TYPE),
  subject: z.array(z.object({ name: z.string().optional(), digest: z.record(z.string(), z.string()) })).max(1000),
  predicateType: z.string().min(1).max(1000),
  predicate: z.unknown(),
});

function jsonOf(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch (cause) {
    throw malformed('it is not JSON', cause);
  }
}

function hexOf(digest: Digest): string {
  return digest.slice('sha256:'.length);
}

function malformed(why: string, cause?: unknown): Failure {
  return new Failure('E0301', 'The signed statement cannot be read', {
    why,
    ...(cause === undefined ? {} : { cause }),
  });
}
