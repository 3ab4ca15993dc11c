import type { Readable } from 'node:stream';
import { addAbortSignal } from 'node:stream';
import { Failure } from '../../core/failure.ts';

/** For lines that somebody types or a program writes. */
const BYTES_MAX = 64 * 2 ** 20;

/** All that a stream of this process holds; E0205 when it is more than 64 MiB, or than the bound given. */
export async function readInput(
  stream: Readable,
  { signal, bytesMax = BYTES_MAX }: { readonly signal: AbortSignal; readonly bytesMax?: number },
): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  let sizeBytes = 0;
  for await (const chunk of addAbortSignal(signal, stream) as AsyncIterable<Uint8Array>) {
    sizeBytes += chunk.length;
    if (sizeBytes > bytesMax) {
      throw new Failure('E0205', `The input is larger than ${bytesMax} bytes`, {
        at: 'stdin',
        kept: 'nothing of it was used',
        hint: 'give it in parts',
      });
    }
    chunks.push(chunk);
  }
  return Buffer.concat(chunks, sizeBytes);
}
