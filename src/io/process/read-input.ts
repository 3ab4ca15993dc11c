import type { Readable } from 'node:stream';
import { addAbortSignal } from 'node:stream';
import { Failure } from '../../core/failure.ts';

const BYTES_MAX = 64 * 2 ** 20;

/** All that a stream of this process holds, as text; E0205 when it is more than 64 MiB. */
export async function readInput(stream: Readable, signal: AbortSignal): Promise<string> {
  const chunks: Uint8Array[] = [];
  let sizeBytes = 0;
  for await (const chunk of addAbortSignal(signal, stream) as AsyncIterable<Uint8Array>) {
    sizeBytes += chunk.length;
    if (sizeBytes > BYTES_MAX) {
      throw new Failure('E0205', `The input is larger than ${BYTES_MAX} bytes`, { hint: 'give it in parts' });
    }
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}
