import { open } from 'node:fs/promises';
import { Failure } from '../../core/failure.ts';
import type { FeedItem } from '../../factory/ingest-feeds.ts';

export interface ItemSource {
  /** As messages call it. */
  readonly name: string;
  readonly observedAt: Temporal.Instant;
  readonly itemBytesMax: number;
}

/** A file as one item; one that cannot be read or is too large is a problem of its own. */
export async function readFileItem(path: string, source: ItemSource): Promise<FeedItem> {
  const { name, observedAt } = source;
  try {
    return { kind: 'item', name, bytes: await readBounded(path, source), observedAt };
  } catch (error) {
    return { kind: 'problem', problem: error instanceof Failure ? error : unreadable(name, error) };
  }
}

async function readBounded(path: string, source: ItemSource): Promise<Uint8Array> {
  await using file = await open(path, 'r');
  const { size } = await file.stat();
  if (size > source.itemBytesMax) throw tooLarge(source);
  const bytes = Buffer.alloc(size);
  const { bytesRead } = await file.read(bytes, 0, size, 0);
  return bytes.subarray(0, bytesRead);
}

export function tooLarge({ name, itemBytesMax }: Pick<ItemSource, 'name' | 'itemBytesMax'>): Failure {
  return new Failure('E0205', `${name} is larger than ${itemBytesMax} bytes`, {
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
