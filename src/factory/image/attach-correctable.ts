import { digestOf, type Digest } from '../../core/digest.ts';
import { Failure } from '../../core/failure.ts';
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
  /** What such statements were about in versions that told them apart less well; to be deleted once those are replaced. */
  readonly aboutOnce?: string;
  readonly predicate: object;
  /** What of it must be the same for the statement to stand; the whole of it by default. */
  readonly essence?: object;
  /** A statement that is good for a time is attached again once half of that is over. */
  readonly valid?: { readonly from: Temporal.Instant; readonly until: Temporal.Instant };
}

/** Ours, beside the digest of the statement: what it is about, what it says, which statements it replaces, until when it is good. */
const aboutAnnotation = 'suture.about';
const saysAnnotation = 'suture.says';
const supersedesAnnotation = 'suture.supersedes';
const untilAnnotation = 'suture.until';

interface To {
  readonly repository: string;
  readonly subject: BlobRef;
}

type Referrer = Awaited<ReturnType<Registry['referrers']>>[number];

interface CorrectableDeps {
  readonly registry: Pick<Registry, 'attach' | 'detach' | 'referrers'>;
  readonly sign: Signer;
}

/**
 * Attaches statements about different things, each unless the one in force says the same. One that says something else
 * stays for ever; the new one names it. Of those that said the same for another time the last two are kept. Killed in
 * between, the next attempt finds what is there. Returns the digests of those in force, in order.
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
  { subjects, predicateType, about, aboutOnce = about, predicate, essence = predicate, valid }: Correctable,
  { listed, ...to }: To & { readonly listed: readonly Referrer[] },
  deps: CorrectableDeps,
): Promise<Digest> {
  const key = `${predicateType} ${about}`;
  const says = digestOf(canonicalJson(essence));
  const known: readonly unknown[] = [key, `${predicateType} ${aboutOnce}`];
  const earlier = listed.filter((one) => known.includes(one.annotations[aboutAnnotation]));
  const replaced = new Set(earlier.flatMap((one) => one.annotations[supersedesAnnotation]?.split(' ') ?? []));
  const inForce = earlier.filter((one) => !replaced.has(one.annotations[statementAnnotation] ?? ''));
  const same = inForce.find((one) => one.annotations[saysAnnotation] === says);
  if (same !== undefined && inForce.length === 1 && isFresh(same, valid)) return same.digest;
  const supersedes = [...new Set(inForce.flatMap((one) => one.annotations[statementAnnotation] ?? []))].sort();
  const document = signedAttestation({ subjects, predicateType, predicate: { ...predicate, supersedes } }, deps.sign);
  const digest = await deps.registry.attach(to.repository, to.subject, {
    ...document,
    annotations: {
      ...document.annotations,
      [aboutAnnotation]: key,
      [saysAnnotation]: says,
      ...(supersedes.length === 0 ? {} : { [supersedesAnnotation]: supersedes.join(' ') }),
      ...(valid === undefined ? {} : { [untilAnnotation]: valid.until.toString() }),
    },
  });
  const outworn = earlier.filter((one) => one.annotations[saysAnnotation] === says && !inForce.includes(one));
  if (valid !== undefined) await takeAway(outworn, to, deps);
  return digest;
}

function isFresh({ annotations }: Referrer, valid: Correctable['valid']): boolean {
  if (valid === undefined) return true;
  const until = annotations[untilAnnotation];
  if (until === undefined) return false;
  const left = Temporal.Instant.from(until).epochMilliseconds - valid.from.epochMilliseconds;
  return left * 2 > valid.until.epochMilliseconds - valid.from.epochMilliseconds;
}

/** So that years of renewals do not fill the registry. One that lets nobody take anything away keeps them all. */
async function takeAway(outworn: readonly Referrer[], { repository, subject }: To, deps: CorrectableDeps) {
  for (const { digest } of outworn) {
    await deps.registry.detach(repository, subject.digest, digest).catch((error: unknown) => {
      if (!(error instanceof Failure)) throw error;
    });
  }
}
