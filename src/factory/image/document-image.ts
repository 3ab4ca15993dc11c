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
  readonly origin: ImageOrigin;
  readonly vex: readonly VexEntry[];
  /** Who makes the VEX statements. */
  readonly author: string;
}

/** What is attached to an image before its tag moves: provenance, both SBOMs and one VEX document, each signed. */
export function documentImage(documented: DocumentedImage, signer: Signer): readonly Attachment[] {
  const { image, origin, vex, author } = documented;
  const subjects = [{ name: image.repository, digest: image.digest }];
  const documents: readonly (readonly [string, unknown])[] = [
    [predicateTypes.provenance, slsaProvenance(origin)],
    [predicateTypes.spdx, spdxOf(image)],
    [predicateTypes.cyclonedx, cyclonedxOf(image)],
    [predicateTypes.openvex, openvexOf(image, vex, author)],
  ];
  return documents.map(([predicateType, predicate]) =>
    signedAttestation({ subjects, predicateType, predicate }, signer),
  );
}
