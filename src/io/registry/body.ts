import { createHash, type Hash } from 'node:crypto';
import type { FileHandle } from 'node:fs/promises';
import type { IncomingMessage } from 'node:http';
import { parseDigest, type Digest } from '../../core/digest.ts';
import { Failure } from '../../core/failure.ts';
import { invariant } from '../../core/invariant.ts';

/** Reads a small body whole. Throws E0205 as soon as it is known to be larger. */
export async function readBody(request: IncomingMessage, bytesMax: number): Promise<Buffer> {
  refuseAnnounced(request, bytesMax);
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > bytesMax) throw tooLarge(bytesMax);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/** Bytes on their way into a file, with their hash so far. */
export interface Growing {
  sizeBytes: number;
  readonly hash: Hash;
}

export function growing(): Growing {
  return { sizeBytes: 0, hash: createHash('sha256') };
}

export function digestSoFar(state: Growing): Digest {
  const digest = parseDigest(`sha256:${state.hash.copy().digest('hex')}`);
  invariant(digest !== undefined, 'a SHA-256 in hex makes a digest');
  return digest;
}

/** Appends a body to a file; what arrived before a broken connection stays, counted and hashed. */
export async function appendBody(
  request: IncomingMessage,
  file: FileHandle,
  state: Growing,
  bytesMax: number,
): Promise<void> {
  refuseAnnounced(request, bytesMax - state.sizeBytes);
  for await (const chunk of request as AsyncIterable<Buffer>) {
    if (state.sizeBytes + chunk.length > bytesMax) throw tooLarge(bytesMax);
    let written = 0;
    while (written < chunk.length) {
      const result = await file.write(chunk, written, chunk.length - written, state.sizeBytes + written);
      written += result.bytesWritten;
    }
    state.hash.update(chunk);
    state.sizeBytes += chunk.length;
  }
}

function refuseAnnounced(request: IncomingMessage, bytesMax: number): void {
  if (Number(request.headers['content-length'] ?? 0) > bytesMax) throw tooLarge(bytesMax);
}

function tooLarge(bytesMax: number): Failure {
  return new Failure('E0205', `The body has more than ${bytesMax} bytes`);
}
