import type { Digest } from '../../core/digest.ts';

/** Where cosign looks for signatures of an image (cosign specs/SIGNATURE_SPEC.md, "Tag-based Discovery"). */
export function signatureTag(image: Digest): string {
  return `${image.replace(':', '-')}.sig`;
}

/** Where older tools look for attestations. */
export function attestationTag(image: Digest): string {
  return `${image.replace(':', '-')}.att`;
}
