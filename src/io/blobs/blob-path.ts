import { resolve } from 'node:path';

/** Where a blob lies in its folder: `<folder>/sha256/ab/<hex>`. */
export function blobPath(folder: string, digest: string): string {
  const hex = digest.slice('sha256:'.length);
  return resolve(folder, 'sha256', hex.slice(0, 2), hex);
}
