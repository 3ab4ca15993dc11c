import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';

export type BlobState = 'whole' | 'missing' | 'damaged';

/** Whether the bytes of a file give the digest that it stands for; read in pieces, whatever its size. */
export async function checkBlob(path: string, digest: string): Promise<BlobState> {
  const found = await fileDigest(path);
  if (found === undefined) return 'missing';
  return `sha256:${found.sha256}` === digest ? 'whole' : 'damaged';
}

/** SHA-256 (hex) and size of a file; undefined when it is not there. */
export async function fileDigest(
  path: string,
): Promise<{ readonly sha256: string; readonly size: number } | undefined> {
  const hash = createHash('sha256');
  let size = 0;
  try {
    for await (const piece of createReadStream(path) as AsyncIterable<Uint8Array>) {
      hash.update(piece);
      size += piece.length;
    }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
  return { sha256: hash.digest('hex'), size };
}
