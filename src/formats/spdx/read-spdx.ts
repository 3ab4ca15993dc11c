import * as z from 'zod';

/** What a document says is inside: `name version` of every package below the image, and the purls of all entries. */
export interface SpdxContents {
  readonly packages: readonly string[];
  readonly purls: readonly string[];
  /** SHA-256 hex of the image that it describes. */
  readonly imageSha256: string | null;
  readonly created: string;
}

/** Undefined when the predicate is no SPDX 2.3 document of an image. */
export function readSpdx(predicate: unknown): SpdxContents | undefined {
  const parsed = spdxSchema.safeParse(predicate);
  if (!parsed.success) return undefined;
  const { packages, relationships, documentDescribes, creationInfo } = parsed.data;
  const image = packages.find((one) => one.SPDXID === documentDescribes[0]);
  if (image === undefined) return undefined;
  const contained = new Set(
    relationships
      .filter((one) => one.spdxElementId === image.SPDXID && one.relationshipType === 'CONTAINS')
      .map((one) => one.relatedSpdxElement),
  );
  return {
    packages: packages
      .filter((one) => contained.has(one.SPDXID))
      .map((one) => `${one.name} ${one.versionInfo}`)
      .sort(),
    purls: packages
      .filter((one) => one !== image)
      .flatMap((one) =>
        one.externalRefs.filter((ref) => ref.referenceType === 'purl').map((ref) => ref.referenceLocator),
      )
      .sort(),
    imageSha256: image.checksums.find((one) => one.algorithm === 'SHA256')?.checksumValue ?? null,
    created: creationInfo.created,
  };
}

const ENTRIES_MAX = 200_000;

const spdxSchema = z.object({
  spdxVersion: z.literal('SPDX-2.3'),
  documentDescribes: z.array(z.string()).min(1).max(10),
  creationInfo: z.object({ created: z.string() }),
  packages: z
    .array(
      z.object({
        SPDXID: z.string(),
        name: z.string(),
        versionInfo: z.string().default(''),
        checksums: z.array(z.object({ algorithm: z.string(), checksumValue: z.string() })).default([]),
        externalRefs: z.array(z.object({ referenceType: z.string(), referenceLocator: z.string() })).default([]),
      }),
    )
    .max(ENTRIES_MAX),
  relationships: z
    .array(z.object({ spdxElementId: z.string(), relationshipType: z.string(), relatedSpdxElement: z.string() }))
    .max(ENTRIES_MAX),
});
