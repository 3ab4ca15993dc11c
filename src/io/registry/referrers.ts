import { join } from 'node:path';
import { parseDigest, type Digest } from '../../core/digest.ts';
import { parseManifestShape } from '../../formats/oci/manifest-shape.ts';
import { mediaTypes } from '../../formats/oci/media-types.ts';
import { hexOf, namesIn, readIfThere, type Disk } from './disk.ts';
import { pageOf } from './pages.ts';
import { json, refusal, type Reply } from './reply.ts';

/** `GET /v2/<name>/referrers/<digest>` (distribution-spec "Listing Referrers"); an unknown subject has none. */
export async function listReferrers(disk: Disk, name: string, subject: Digest, query: URLSearchParams): Promise<Reply> {
  const prefix = `${hexOf(subject)}.`;
  const entries = (await namesIn(join(disk.repositoryPath(name), '_referrers'))).filter((entry) =>
    entry.startsWith(prefix),
  );
  const page = pageOf(entries, `/v2/${name}/referrers/${subject}`, query);
  if (page === undefined) return refusal(400, 'UNSUPPORTED', 'n is not a whole number');
  const wanted = query.get('artifactType');
  const found = await Promise.all(page.names.map((entry) => descriptorOf(disk, name, entry.slice(prefix.length))));
  const manifests = found.filter((one) => one !== undefined && (wanted === null || one.artifactType === wanted));
  return json(
    200,
    { schemaVersion: 2, mediaType: mediaTypes.index, manifests },
    {
      'content-type': mediaTypes.index,
      ...(wanted === null ? {} : { 'oci-filters-applied': 'artifactType' }),
      ...page.headers,
    },
  );
}

async function descriptorOf(disk: Disk, name: string, hex: string) {
  const digest = parseDigest(`sha256:${hex}`);
  const bytes = digest === undefined ? undefined : await readIfThere(disk.manifestPath(name, digest));
  // An entry is written before its manifest: without it, the push never ended.
  if (bytes === undefined) return undefined;
  const shape = parseManifestShape(bytes);
  return {
    mediaType: shape.mediaType,
    digest,
    size: bytes.length,
    ...(shape.artifactType === null ? {} : { artifactType: shape.artifactType }),
    ...(Object.keys(shape.annotations).length === 0 ? {} : { annotations: shape.annotations }),
  };
}
