import { digestOf, type Digest } from '../../core/digest.ts';
import { canonicalJson } from '../../core/ledger/canonical-json.ts';
import type { Signer } from '../../formats/dsse/signing-key.ts';
import type { Attestation } from '../../formats/in-toto/statement.ts';
import { signedAttestation, statementAnnotation } from '../../formats/sigstore/signed-attestation.ts';
import type { BlobRef, Registry } from './image.ts';

export interface Correctable {
  readonly subjects: Attestation['subjects'];
  readonly predicateType: string;
  /** What it speaks of: one subject has one statement in force about each. */
  readonly about: string;
  readonly predicate: object;
  /** What of it must be the same for the statement to stand; the whole of it by default. */
  readonly essence?: object;
}

/** Ours, beside the digest of the statement: what it is about, what it says, and which statements it replaces. */
const aboutAnnotation = 'suture.about';
const saysAnnotation = 'suture.says';
const supersedesAnnotation = 'suture.supersedes';

interface To {
  readonly repository: string;
  readonly subject: BlobRef;
}

interface CorrectableDeps {
  readonly registry: Pick<Registry, 'attach' | 'referrers'>;
  readonly sign: Signer;
}

/**
 * Attaches statements about different things, each unless the one in force says the same. One that says something else
 * stays for ever; the new one names it. Killed in between, the next attempt finds what is there. Returns the digests of
 * those in force, in order.
 */
export async function attachCorrectables(
  statements: readonly Correctable[],
  to: To,
  deps: CorrectableDeps,
): Promise<readonly Digest[]> {
  if (statements.length === 0) return [];
  const listed = await deps.registry.referrers(to.repository, to.subject.digest);
  const digests: Digest[] = [];
  for (const statement of statements) digests.push(await attachOne(statement, { ...to, listed }, deps));
  return digests;
}

async function attachOne(
  { subjects, predicateType, about, predicate, essence = predicate }: Correctable,
  { listed, ...to }: To & { readonly listed: Awaited<ReturnType<Registry['referrers']>> },
  deps: CorrectableDeps,
): Promise<Digest> {
  const key = `${predicateType} ${about}`;
  const says = digestOf(canonicalJson(essence));
  const earlier = listed.filter((one) => one.annotations[aboutAnnotation] === key);
  const replaced = new Set(earlier.flatMap((one) => one.annotations[supersedesAnnotation]?.split(' ') ?? []));
  const inForce = earlier.filter((one) => !replaced.has(one.annotations[statementAnnotation] ?? ''));
  const same = inForce.find((one) => one.annotations[saysAnnotation] === says);
  if (same !== undefined && inForce.length === 1) return same.digest;
  const supersedes = [...new Set(inForce.flatMap((one) => one.annotations[statementAnnotation] ?? []))].sort();
  const document = signedAttestation({ subjects, predicateType, predicate: { ...predicate, supersedes } }, deps.sign);
  return deps.registry.attach(to.repository, to.subject, {
    ...document,
    annotations: {
      ...document.annotations,
      [aboutAnnotation]: key,
      [saysAnnotation]: says,
      ...(supersedes.length === 0 ? {} : { [supersedesAnnotation]: supersedes.join(' ') }),
    },
  });
}
