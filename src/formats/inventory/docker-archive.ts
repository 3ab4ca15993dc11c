import * as z from 'zod';
import { parseJson } from '../oci/json-bytes.ts';

/** An image in an archive of `docker save`, by its `manifest.json`. */
export interface ArchivedImage {
  readonly tags: readonly string[];
  /** Names of members, bottom first. */
  readonly layers: readonly string[];
}

/** E0404 when it is no such manifest, E0205 beyond 4 MiB. */
export function dockerArchive(bytes: Uint8Array, at: string): readonly ArchivedImage[] {
  const images = parseJson(bytes, schema, { what: 'archive manifest', at });
  return images.map(({ RepoTags, Layers }) => ({ tags: RepoTags ?? [], layers: Layers }));
}

const schema = z
  .array(
    z.object({
      RepoTags: z.array(z.string()).nullish(),
      Layers: z.array(z.string()).max(1000),
    }),
  )
  .max(10_000);
