import * as z from 'zod';
import { parseDigest } from '../../core/digest.ts';
import type { Digest } from '../../core/digest.ts';

/** Points at content: what it is, its digest, its size in bytes (OCI image-spec descriptor.md). */
export interface Descriptor {
  readonly mediaType: string;
  readonly digest: Digest;
  readonly sizeBytes: number;
}

export const digestSchema = z.string().transform((text, context): Digest => {
  const digest = parseDigest(text);
  if (digest !== undefined) return digest;
  context.addIssue({ code: 'custom', message: 'is not sha256: and 64 hexadecimal digits' });
  return z.NEVER;
});

export const descriptorSchema = z
  .object({
    mediaType: z.string().min(1).max(255),
    digest: digestSchema,
    size: z.int().min(0),
  })
  .transform(({ mediaType, digest, size }) => ({ mediaType, digest, sizeBytes: size }));
