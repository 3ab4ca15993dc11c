import type { Digest } from '../../core/digest.ts';
import { statementAnnotation } from '../../formats/sigstore/signed-attestation.ts';
import type { Attachment, BlobRef, Registry } from './image.ts';

/**
 * Attaches what is not attached yet, in order, and returns the digests of all. A signed statement is known by the
 * digest of what it says, for its signature differs each time; anything else by being the same document.
 */
export async function attachOnce(
  registry: Pick<Registry, 'attach' | 'referrers'>,
  to: { readonly repository: string; readonly subject: BlobRef },
  attachments: readonly Attachment[],
): Promise<readonly Digest[]> {
  if (attachments.length === 0) return [];
  const there = await registry.referrers(to.repository, to.subject.digest);
  const known = new Map(there.map((one) => [one.annotations[statementAnnotation], one.digest]));
  const digests: Digest[] = [];
  for (const attachment of attachments) {
    const statement = attachment.annotations[statementAnnotation];
    const attached = statement === undefined ? undefined : known.get(statement);
    digests.push(attached ?? (await registry.attach(to.repository, to.subject, attachment)));
  }
  return digests;
}
