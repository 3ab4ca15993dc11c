import type { Digest } from '../../core/digest.ts';
import type { Obligation } from '../../core/promise/standing.ts';
import type { Signer } from '../../formats/dsse/signing-key.ts';
import { essenceOf, type DigestReceipt } from '../../formats/in-toto/digest-receipt.ts';
import { predicateTypes } from '../../formats/in-toto/predicate-types.ts';
import { receiptOf } from '../../formats/in-toto/receipt.ts';
import { attachCorrectables } from './attach-correctable.ts';
import type { BlobRef, Registry } from './image.ts';

/** Where receipts are attached, and every digest that they speak of. */
export interface ReceiptsTarget {
  readonly repository: string;
  readonly subject: BlobRef;
  /** One statement speaks of the whole line: of the index and of every architecture in it. */
  readonly digests: readonly Digest[];
}

export interface ReceiptsDeps {
  readonly registry: Pick<Registry, 'attach' | 'detach' | 'referrers'>;
  readonly sign: Signer;
  readonly publicName: (repository: string) => string;
}

/**
 * Attaches a signed receipt for each obligation that has ended to the digest that ended it; open ones are passed over.
 * Twice changes nothing; other figures make a second receipt that names the first.
 */
export async function attachReceipts(
  obligations: readonly Obligation[],
  target: ReceiptsTarget,
  deps: ReceiptsDeps,
): Promise<readonly { readonly obligation: string; readonly digest: Digest }[]> {
  const receipts = obligations.flatMap((each) => receiptOf(each) ?? []);
  const subjects = subjectsOf(target, deps);
  const predicateType = predicateTypes.receipt;
  const statements = receipts.map((predicate) => ({
    subjects,
    predicateType,
    about: predicate.obligation,
    predicate,
  }));
  const digests = await attachCorrectables(statements, target, deps);
  return receipts.flatMap(({ obligation }, index) => {
    const digest = digests[index];
    return digest === undefined ? [] : [{ obligation, digest }];
  });
}

/** Attaches the one statement of everything that a digest ended or holds. */
export async function attachDigestReceipt(
  receipt: Omit<DigestReceipt, 'supersedes' | 'validUntil'> & { readonly validUntil: string },
  target: ReceiptsTarget,
  deps: ReceiptsDeps,
): Promise<void> {
  const correctable = {
    subjects: subjectsOf(target, deps),
    predicateType: predicateTypes.digestReceipt,
    // Lines with the same contents share a digest, and each has its own record.
    about: `${receipt.line} ${receipt.digest}`,
    aboutOnce: receipt.digest,
    predicate: receipt,
    essence: essenceOf(receipt),
    valid: { from: Temporal.Instant.from(receipt.writtenAt), until: Temporal.Instant.from(receipt.validUntil) },
  };
  await attachCorrectables([correctable], target, deps);
}

function subjectsOf({ repository, digests }: ReceiptsTarget, deps: ReceiptsDeps) {
  const name = deps.publicName(repository);
  return [...new Set(digests)].sort().map((digest) => ({ name, digest }));
}
