/** What a statement is about (in-toto attestation framework 1.0, "TypeURI"); ours are URNs, for they name no page. */
export const predicateTypes = {
  provenance: 'https://slsa.dev/provenance/v1',
  spdx: 'https://spdx.dev/Document',
  cyclonedx: 'https://cyclonedx.org/bom',
  // Without a version, unlike the document's own context: that is what cosign calls `openvex`.
  openvex: 'https://openvex.dev/ns',
  receipt: 'urn:suture:receipt:v1',
  digestReceipt: 'urn:suture:digest-receipt:v1',
} as const;

/** How images are made here: recorded as `buildType`, so that its parameters can be read. */
export const imageBuildType = 'urn:suture:compose-image:v1';

export const statementPayloadType = 'application/vnd.in-toto+json';
