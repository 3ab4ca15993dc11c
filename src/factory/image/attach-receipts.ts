import type { Digest } from '../../core/digest.ts';
import type { ImagePublished } from '../../core/fact.ts';
import { Failure } from '../../core/failure.ts';
import type { Obligation } from '../../core/promise/standing.ts';
import type { Signer } from '../../formats/dsse/signing-key.ts';
import { predicateTypes } from '../../formats/in-toto/predicate-types.ts';
import { receiptOf } from '../../formats/in-toto/receipt.ts';
import { signedAttestation } from '../../formats/sigstore/signed-attestation.ts';
import { attachOnce } from './attach-once.ts';
import type { Registry } from './image.ts';

export interface ReceiptsRequest {
  readonly published: Pick<ImagePublished, 'line' | 'repository' | 'digest' | 'manifests'>;
  /** Those of the line that this image ended; open ones are passed over. */
  readonly obligations: readonly Obligation[];
}

export interface ReceiptsDeps {
  readonly registry: Pick<Registry, 'attach' | 'referrers' | 'resolve'>;
  readonly sign: Signer;
  readonly publicName: (repository: string) => string;
}

/** Attaches a signed receipt for each obligation that has ended to the digest that ended it; twice changes nothing. */
export async function attachReceipts(
  request: ReceiptsRequest,
  deps: ReceiptsDeps,
): Promise<readonly { readonly obligation: string; readonly digest: Digest }[]> {
  const { published } = request;
  const receipts = request.obligations.flatMap((obligation) => receiptOf(obligation) ?? []);
  if (receipts.length === 0) return [];
  const name = deps.publicName(published.repository);
  // One statement speaks of the whole line: of the index and of every architecture in it.
  const subjects = [...new Set([published.digest, ...Object.values(published.manifests)])]
    .sort()
    .map((digest) => ({ name, digest }));
  const documents = receipts.map((predicate) =>
    signedAttestation({ subjects, predicateType: predicateTypes.receipt, predicate }, deps.sign),
  );
  const subject = await subjectOf(published, deps.registry);
  const digests = await attachOnce(deps.registry, { repository: published.repository, subject }, documents);
  return receipts.flatMap((receipt, index) => {
    const digest = digests[index];
    return digest === undefined ? [] : [{ obligation: receipt.obligation, digest }];
  });
}

async function subjectOf(published: ReceiptsRequest['published'], registry: Pick<Registry, 'resolve'>) {
  const manifest = await registry.resolve(published.repository, published.digest);
  if (manifest === undefined) {
    throw new Failure('E0603', `The registry no longer has ${published.repository}@${published.digest}`, {
      why: `The receipts of ${published.line} belong to it.`,
    });
  }
  return { mediaType: manifest.mediaType, digest: manifest.digest, sizeBytes: manifest.bytes.length };
}
