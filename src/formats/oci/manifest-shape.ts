import * as z from 'zod';
import { Failure } from '../../core/failure.ts';
import { descriptorSchema, type Descriptor } from './descriptor.ts';
import { isIndexType, isManifestType, mediaTypes } from './media-types.ts';

/** What a registry and its clients need to know of a manifest or index (OCI image-spec 1.1, manifest.md, image-index.md). */
export interface ManifestShape {
  readonly kind: 'image' | 'index';
  readonly mediaType: string;
  /** Config first; empty for an index. */
  readonly config: NamedContent | null;
  readonly layers: readonly NamedContent[];
  /** Manifests of an index. */
  readonly manifests: readonly NamedContent[];
  readonly subject: NamedContent | null;
  readonly artifactType: string | null;
  readonly annotations: Readonly<Record<string, string>>;
}

/** A descriptor with what registries pass on about the content. */
export interface NamedContent extends Descriptor {
  readonly artifactType: string | null;
  readonly annotations: Readonly<Record<string, string>>;
  readonly platform: { readonly os: string; readonly architecture: string } | null;
  /** Bytes that lie elsewhere (old "foreign" layers): a registry need not hold them. */
  readonly elsewhere: boolean;
}

/** Registries refuse larger manifests (distribution-spec, "Pushing Manifests": at least 4 MiB must be accepted). */
export const manifestBytesMax = 4 * 1024 * 1024;

/**
 * Reads a manifest or index. The media type is the one inside, else the one it was sent with, else told by its shape.
 * Throws E0603 naming the field that is wrong.
 */
export function parseManifestShape(bytes: Uint8Array, sentAs: string | null = null): ManifestShape {
  if (bytes.length > manifestBytesMax) throw refused(`it has ${bytes.length} bytes, more than ${manifestBytesMax}`);
  const parsed = manifestSchema.safeParse(jsonOf(bytes));
  if (!parsed.success) throw refused(firstIssue(parsed.error));
  const manifest = parsed.data;

  const kind = manifest.manifests === undefined ? 'image' : 'index';
  const mediaType = manifest.mediaType ?? sentAs ?? (kind === 'index' ? mediaTypes.index : mediaTypes.manifest);
  if (sentAs !== null && mediaType !== sentAs) throw refused(`mediaType says ${mediaType}, sent as ${sentAs}`);
  if (kindOfMediaType(mediaType) !== kind) throw refused(`mediaType ${mediaType} does not go with its fields`);
  if (kind === 'image' && manifest.config === undefined) throw refused('config is missing');
  // One field from each kind would be read differently by different clients.
  if (kind === 'index' && (manifest.config ?? manifest.layers) !== undefined)
    throw refused('it is image and index in one');
  return {
    kind,
    mediaType,
    config: manifest.config ?? null,
    layers: manifest.layers ?? [],
    manifests: manifest.manifests ?? [],
    subject: manifest.subject ?? null,
    artifactType: manifest.artifactType ?? (manifest.config ? artifactTypeOf(manifest.config.mediaType) : null),
    annotations: manifest.annotations ?? {},
  };
}

function kindOfMediaType(mediaType: string): 'image' | 'index' | undefined {
  if (isManifestType(mediaType)) return 'image';
  return isIndexType(mediaType) ? 'index' : undefined;
}

/** Without `artifactType` the config's media type says what it is (distribution-spec, "Listing Referrers"). */
function artifactTypeOf(configType: string): string | null {
  return configType === mediaTypes.empty ? null : configType;
}

// Far above any image; keeps a hostile manifest from becoming a million objects.
const DESCRIPTORS_MAX = 10_000;

const contentSchema = descriptorSchema
  .and(
    z.object({
      artifactType: z.string().max(255).optional(),
      annotations: z.record(z.string(), z.string()).optional(),
      platform: z.object({ os: z.string(), architecture: z.string() }).optional(),
      urls: z.array(z.string()).optional(),
    }),
  )
  .transform(
    (content): NamedContent => ({
      mediaType: content.mediaType,
      digest: content.digest,
      sizeBytes: content.sizeBytes,
      artifactType: content.artifactType ?? null,
      annotations: content.annotations ?? {},
      platform: content.platform ?? null,
      elsewhere: (content.urls ?? []).length > 0,
    }),
  );

const manifestSchema = z.object({
  schemaVersion: z.literal(2),
  mediaType: z.string().min(1).max(255).optional(),
  config: contentSchema.optional(),
  layers: z.array(contentSchema).max(DESCRIPTORS_MAX).optional(),
  manifests: z.array(contentSchema).max(DESCRIPTORS_MAX).optional(),
  subject: contentSchema.optional(),
  artifactType: z.string().max(255).optional(),
  annotations: z.record(z.string(), z.string()).optional(),
});

function jsonOf(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch (cause) {
    throw refused('it is not JSON', cause);
  }
}

function firstIssue(error: z.ZodError): string {
  const issue = error.issues[0];
  return issue === undefined ? 'its shape is wrong' : `${issue.path.join('.') || 'manifest'}: ${issue.message}`;
}

function refused(why: string, cause?: unknown): Failure {
  return new Failure('E0603', `The manifest cannot be used: ${why}`, cause === undefined ? {} : { cause });
}
