import { cyclonedxOf } from '../../formats/cyclonedx/encode-cyclonedx.ts';
import type { Signer } from '../../formats/dsse/signing-key.ts';
import { predicateTypes } from '../../formats/in-toto/predicate-types.ts';
import { slsaProvenance, type ImageOrigin } from '../../formats/in-toto/provenance.ts';
import type { DescribedImage } from '../../formats/oci/described-image.ts';
import { openvexOf, type VexEntry } from '../../formats/openvex/encode-openvex.ts';
import { signedAttestation } from '../../formats/sigstore/signed-attestation.ts';
import { spdxOf } from '../../formats/spdx/encode-spdx.ts';
import type { Attachment } from './image.ts';

export interface DocumentedImage {
  readonly image: DescribedImage;
  readonly origin: Omit<ImageOrigin, 'vulnerabilityStatements'>;
  readonly vex: readonly VexEntry[];
  /** Who makes the VEX statements. */
  readonly author: string;
}

/**
 * What is attached to an image before its tag moves, each signed: provenance, both SBOMs, and one VEX document when
 * there is anything to say in it.
 */
export function documentImage(documented: DocumentedImage, signer: Signer): readonly Attachment[] {
  const { image, origin, vex, author } = documented;
  const subjects = [{ name: image.repository, digest: image.digest }];
  const documents: readonly (readonly [string, unknown])[] = [
    [predicateTypes.provenance, slsaProvenance({ ...origin, vulnerabilityStatements: vex.length })],
    [predicateTypes.spdx, spdxOf(image)],
    [predicateTypes.cyclonedx, cyclonedxOf(image)],
    ...(vex.length === 0 ? [] : [[predicateTypes.openvex, openvexOf(image, vex, author)] as const]),
  ];
  return documents.map(([predicateType, predicate]) =>
    signedAttestation({ subjects, predicateType, predicate }, signer),
  );
}
