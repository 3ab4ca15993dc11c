import { open } from 'node:fs/promises';
import { Failure } from '../../core/failure.ts';
import type { FeedItem } from '../../factory/ingest-feeds.ts';

/** Of one record, or of a list such as KEV or a day's EPSS scores. */
export const ITEM_BYTES_MAX = 64 * 1024 * 1024;

/** A file as one item; one that cannot be read or is too large is a problem of its own. */
export async function readFileItem(path: string, name: string, observedAt: Temporal.Instant): Promise<FeedItem> {
  try {
    return { kind: 'item', name, bytes: await readBounded(path, name), observedAt };
  } catch (error) {
    return { kind: 'problem', problem: error instanceof Failure ? error : unreadable(name, error) };
  }
}

async function readBounded(path: string, name: string): Promise<Uint8Array> {
  await using file = await open(path, 'r');
  const { size } = await file.stat();
  if (size > ITEM_BYTES_MAX) throw tooLarge(name);
  const bytes = Buffer.alloc(size);
  const { bytesRead } = await file.read(bytes, 0, size, 0);
  return bytes.subarray(0, bytesRead);
}

export function tooLarge(name: string): Failure {
  return new Failure('E0205', `${name} is larger than ${ITEM_BYTES_MAX} bytes`, {
    at: name,
    kept: 'it was passed over, and everything else is read',
    retryable: false,
  });
}

function unreadable(name: string, cause: unknown): Failure {
  return new Failure('E0201', `${name} cannot be read`, {
    at: name,
    why: cause instanceof Error ? cause.message : String(cause),
    kept: 'it was passed over, and everything else is read',
    retryable: true,
    cause,
  });
}
