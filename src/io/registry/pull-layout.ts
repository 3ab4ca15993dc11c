import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Digest } from '../../core/digest.ts';
import { Failure } from '../../core/failure.ts';
import type { Registry } from '../../factory/image/image.ts';
import { parseManifestShape } from '../../formats/oci/manifest-shape.ts';

export interface PulledLayout {
  readonly digest: Digest;
  /** Of the index that led to it, and its own. */
  readonly digests: readonly Digest[];
}

/**
 * Puts an image of a registry into a folder, as an OCI image layout of that one image (image-spec, image-layout.md); its
 * bytes are compared with their digests on the way. E0401 where there is none for the architecture.
 */
export async function pullLayout(
  named: { readonly repository: string; readonly reference: string; readonly architecture: string },
  folder: string,
  registry: Pick<Registry, 'resolve' | 'blob'>,
): Promise<PulledLayout> {
  const { repository, reference, architecture } = named;
  const start = await registry.resolve(repository, reference);
  const shape = start === undefined ? undefined : parseManifestShape(start.bytes);
  const chosen = shape?.manifests.find((one) => one.platform?.architecture === architecture);
  const image =
    shape?.kind === 'index' && chosen !== undefined ? await registry.resolve(repository, chosen.digest) : start;
  if (start === undefined || image === undefined || (shape?.kind === 'index' && chosen === undefined)) {
    throw new Failure('E0401', `There is no ${repository} ${reference} for ${architecture}`, {
      hint: 'check the name, or choose another --architecture',
    });
  }
  const blobs = join(folder, 'blobs/sha256');
  await mkdir(blobs, { recursive: true });
  const keep = (digest: Digest, bytes: Uint8Array): Promise<void> =>
    writeFile(join(blobs, digest.slice('sha256:'.length)), bytes);
  const { config, layers } = parseManifestShape(image.bytes);
  for (const ref of [...(config === null ? [] : [config]), ...layers])
    await keep(ref.digest, await registry.blob(repository, ref));
  await keep(image.digest, image.bytes);
  const descriptor = { mediaType: image.mediaType, digest: image.digest, size: image.bytes.length };
  await writeFile(join(folder, 'oci-layout'), JSON.stringify({ imageLayoutVersion: '1.0.0' }));
  await writeFile(join(folder, 'index.json'), JSON.stringify({ schemaVersion: 2, manifests: [descriptor] }));
  return { digest: image.digest, digests: [...new Set([start.digest, image.digest])] };
}
