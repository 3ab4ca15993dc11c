/** Media types of OCI image-spec 1.1 (media-types.md), and what other registries still hand out for the same things. */
export const mediaTypes = {
  index: 'application/vnd.oci.image.index.v1+json',
  manifest: 'application/vnd.oci.image.manifest.v1+json',
  config: 'application/vnd.oci.image.config.v1+json',
  layer: 'application/vnd.oci.image.layer.v1.tar',
  layerGzip: 'application/vnd.oci.image.layer.v1.tar+gzip',
  empty: 'application/vnd.oci.empty.v1+json',
} as const;

const docker = {
  index: 'application/vnd.docker.distribution.manifest.list.v2+json',
  manifest: 'application/vnd.docker.distribution.manifest.v2+json',
  layerGzip: 'application/vnd.docker.image.rootfs.diff.tar.gzip',
} as const;

export function isIndexType(mediaType: string): boolean {
  return mediaType === mediaTypes.index || mediaType === docker.index;
}

export function isManifestType(mediaType: string): boolean {
  return mediaType === mediaTypes.manifest || mediaType === docker.manifest;
}

/** How a layer's bytes are packed; undefined for what we cannot read (zstd, encrypted, foreign). */
export function layerCompression(mediaType: string): 'none' | 'gzip' | undefined {
  if (mediaType === mediaTypes.layer) return 'none';
  return mediaType === mediaTypes.layerGzip || mediaType === docker.layerGzip ? 'gzip' : undefined;
}
