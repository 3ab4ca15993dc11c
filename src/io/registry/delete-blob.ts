import { join } from 'node:path';
import type { Digest } from '../../core/digest.ts';
import { parseManifestShape } from '../../formats/oci/manifest-shape.ts';
import { repositories } from './catalog.ts';
import { namesIn, readIfThere, sizeOf, type Disk } from './disk.ts';
import { empty, refusal, type Reply } from './reply.ts';

/**
 * `DELETE /v2/<name>/blobs/<digest>`. Blobs are shared, so one goes only when no manifest of any repository names it;
 * the caller holds off pushes of manifests meanwhile. Reads every manifest: a rare act of housekeeping.
 */
export async function deleteBlob(disk: Disk, digest: Digest): Promise<Reply> {
  if ((await sizeOf(disk.blobPath(digest))) === undefined) return refusal(404, 'BLOB_UNKNOWN', `No blob ${digest}`);
  const user = await firstUser(disk, digest);
  if (user !== undefined) return refusal(405, 'UNSUPPORTED', `${digest} is still named by a manifest in ${user}`);
  await disk.remove(disk.blobPath(digest), 'blob removed');
  return empty(202);
}

async function firstUser(disk: Disk, digest: Digest): Promise<string | undefined> {
  for (const name of await repositories(disk)) {
    const folder = join(disk.repositoryPath(name), '_manifests');
    for (const hex of await namesIn(folder)) {
      const bytes = await readIfThere(join(folder, hex));
      if (bytes === undefined) continue;
      const shape = parseManifestShape(bytes);
      if (shape.config?.digest === digest || shape.layers.some((layer) => layer.digest === digest)) return name;
    }
  }
  return undefined;
}
