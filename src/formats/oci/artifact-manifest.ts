import { digestOf, type Digest } from '../../core/digest.ts';
import { mediaTypes } from './media-types.ts';

/** The empty config of an artifact (image-spec manifest.md "Guidance for an Empty Descriptor"). */
export const emptyConfig: Uint8Array = new TextEncoder().encode('{}');

const titleAnnotation = 'org.opencontainers.image.title';

export interface BlobDescription {
  readonly mediaType: string;
  readonly digest: Digest;
  readonly sizeBytes: number;
}

/**
 * The manifest of a document that refers to a subject: one layer, an empty config (image-spec manifest.md "Guidelines
 * for Artifact Usage"). The same input gives the same bytes.
 */
export function artifactManifest(artifact: {
  readonly artifactType: string;
  readonly mediaType: string;
  readonly content: Uint8Array;
  readonly subject: BlobDescription;
  readonly annotations: Readonly<Record<string, string>>;
  readonly fileName?: string;
}): Uint8Array {
  const manifest = {
    schemaVersion: 2,
    mediaType: mediaTypes.manifest,
    artifactType: artifact.artifactType,
    config: described({ mediaType: mediaTypes.empty, digest: digestOf(emptyConfig), sizeBytes: emptyConfig.length }),
    layers: [
      {
        ...described({
          mediaType: artifact.mediaType,
          digest: digestOf(artifact.content),
          sizeBytes: artifact.content.length,
        }),
        // oras pulls only what has a name (its docs, "Pushing artifacts").
        ...(artifact.fileName === undefined ? {} : { annotations: { [titleAnnotation]: artifact.fileName } }),
      },
    ],
    subject: described(artifact.subject),
    annotations: sorted(artifact.annotations),
  };
  return new TextEncoder().encode(JSON.stringify(manifest));
}

/** An index of what refers to one subject: what stands under the fallback tag of registries without the referrers API. */
export function referrersIndex(manifests: readonly Referrer[]): Uint8Array {
  const index = {
    schemaVersion: 2,
    mediaType: mediaTypes.index,
    manifests: manifests.map((referrer) => ({
      ...described(referrer),
      artifactType: referrer.artifactType,
      annotations: sorted(referrer.annotations),
    })),
  };
  return new TextEncoder().encode(JSON.stringify(index));
}

export interface Referrer extends BlobDescription {
  readonly artifactType: string;
  readonly annotations: Readonly<Record<string, string>>;
}

function described(blob: BlobDescription) {
  return { mediaType: blob.mediaType, digest: blob.digest, size: blob.sizeBytes };
}

function sorted(annotations: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(annotations).sort(([a], [b]) => (a < b ? -1 : 1)));
}
