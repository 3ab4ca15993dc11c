import * as z from 'zod';
import { descriptorSchema } from './descriptor.ts';
import { isIndexType, isManifestType, mediaTypes } from './media-types.ts';
import { encodeJson, parseJson } from './json-bytes.ts';
import type { Architecture } from '../../core/fact.ts';
import type { Descriptor } from './descriptor.ts';

/** An image manifest (OCI image-spec manifest.md), the fields that we use. */
export interface ImageManifest {
  readonly config: Descriptor;
  /** Bottom first. */
  readonly layers: readonly Descriptor[];
  readonly annotations: Readonly<Record<string, string>>;
}

/** An image index (OCI image-spec image-index.md). */
export interface ImageIndex {
  readonly manifests: readonly IndexEntry[];
  readonly annotations: Readonly<Record<string, string>>;
}

export interface IndexEntry extends Descriptor {
  readonly platform?: Platform;
  readonly annotations?: Readonly<Record<string, string>>;
}

export interface Platform {
  readonly architecture: string;
  readonly os: string;
  readonly variant?: string;
}

export function platformOf(architecture: Architecture): Platform {
  return { architecture, os: 'linux', ...(architecture === 'arm64' ? { variant: 'v8' } : {}) };
}

/** Equal manifests give equal bytes; annotations are sorted. */
export function encodeManifest(manifest: ImageManifest): Uint8Array {
  return encodeJson({
    schemaVersion: 2,
    mediaType: mediaTypes.manifest,
    config: plain(manifest.config),
    layers: manifest.layers.map(plain),
    ...annotationsOf(manifest.annotations),
  });
}

export function encodeIndex(index: ImageIndex): Uint8Array {
  return encodeJson({
    schemaVersion: 2,
    mediaType: mediaTypes.index,
    manifests: index.manifests.map((entry) => ({
      ...plain(entry),
      ...(entry.platform === undefined ? {} : { platform: entry.platform }),
      ...annotationsOf(entry.annotations ?? {}),
    })),
    ...annotationsOf(index.annotations),
  });
}

/** E0404 when it is no image manifest with plain SHA-256 descriptors, E0205 beyond 4 MiB. */
export function parseManifest(bytes: Uint8Array, at: string): ImageManifest {
  const { config, layers, annotations } = parseJson(bytes, manifestSchema, { what: 'image manifest', at });
  return { config, layers, annotations };
}

export function parseIndex(bytes: Uint8Array, at: string): ImageIndex {
  const { manifests, annotations } = parseJson(bytes, indexSchema, { what: 'image index', at });
  return { manifests, annotations };
}

const annotationsSchema = z.record(z.string(), z.string()).default({});

const manifestSchema = z.object({
  schemaVersion: z.literal(2),
  mediaType: z.string().refine(isManifestType).optional(),
  config: descriptorSchema,
  layers: z.array(descriptorSchema).max(1000),
  annotations: annotationsSchema,
});

const indexSchema = z.object({
  schemaVersion: z.literal(2),
  mediaType: z.string().refine(isIndexType).optional(),
  manifests: z
    .array(
      descriptorSchema.and(
        z.object({
          platform: z
            .object({ architecture: z.string(), os: z.string(), variant: z.string().exactOptional() })
            .exactOptional(),
          annotations: z.record(z.string(), z.string()).exactOptional(),
        }),
      ),
    )
    .max(1000),
  annotations: annotationsSchema,
});

function plain({ mediaType, digest, sizeBytes }: Descriptor) {
  return { mediaType, digest, size: sizeBytes };
}

function annotationsOf(annotations: Readonly<Record<string, string>>) {
  const sorted = Object.entries(annotations).toSorted(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
  return sorted.length === 0 ? {} : { annotations: Object.fromEntries(sorted) };
}
