import { digestOf, type Digest } from '../../core/digest.ts';
import { mediaTypes } from '../oci/media-types.ts';

/** A layer of a cosign tag: content with annotations of its own. */
export interface AnnotatedContent {
  readonly mediaType: string;
  readonly content: Uint8Array;
  readonly annotations: Readonly<Record<string, string>>;
}

export interface LayeredManifest {
  readonly mediaType: string;
  readonly bytes: Uint8Array;
  /** What it names: the config, then the layers. */
  readonly blobs: readonly Uint8Array[];
}

/** The image manifest that cosign keeps signatures and attestations in: each layer is one of them. */
export function layeredManifest(layers: readonly AnnotatedContent[]): LayeredManifest {
  const config = new TextEncoder().encode(
    JSON.stringify({
      architecture: '',
      os: '',
      config: {},
      rootfs: { type: 'layers', diff_ids: layers.map((layer) => digestOf(layer.content)) },
    }),
  );
  const manifest = {
    schemaVersion: 2,
    mediaType: mediaTypes.manifest,
    config: described(mediaTypes.config, config),
    layers: layers.map((layer) => ({ ...described(layer.mediaType, layer.content), annotations: layer.annotations })),
  };
  return {
    mediaType: mediaTypes.manifest,
    bytes: new TextEncoder().encode(JSON.stringify(manifest)),
    blobs: [config, ...layers.map((layer) => layer.content)],
  };
}

function described(mediaType: string, content: Uint8Array): { mediaType: string; digest: Digest; size: number } {
  return { mediaType, digest: digestOf(content), size: content.length };
}
