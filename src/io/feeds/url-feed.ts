import type { FeedItem } from '../../factory/ingest-feeds.ts';
import { fetchBounded, type Validators } from '../http/fetch-bounded.ts';
import type { ReadContext } from './feed-reader.ts';
import { beginsAsZip, readZipBytes, type ZipSource } from './zip-feed.ts';

const BOUNDS = { bytesMax: 2 * 1024 ** 3 - 1, timeoutSeconds: 600, attempts: 3 } as const;

/** What an address gives: the members of a zip, or the answer itself as one item; nothing when it is unchanged. */
export async function readUrl(url: string, context: ReadContext): Promise<AsyncIterable<FeedItem>> {
  const known = context.onlyChanged ? validatorsIn(context.settledMarks.get(url)) : undefined;
  const fetched = await fetchBounded(url, known, { ...BOUNDS, ...context });
  const observedAt = context.now();
  if (fetched.kind === 'body') context.newMarks.set(url, JSON.stringify(fetched.validators));
  const bytes = fetched.kind === 'body' ? fetched.bytes : undefined;
  return itemsOf(bytes, { ...context, name: url, observedAt });
}

async function* itemsOf(bytes: Uint8Array | undefined, source: ZipSource): AsyncIterable<FeedItem> {
  const { name, observedAt } = source;
  if (bytes === undefined) return;
  if (beginsAsZip(bytes)) yield* readZipBytes(bytes, source);
  else yield { kind: 'item', name, bytes, observedAt };
}

function validatorsIn(mark: string | undefined): Validators | undefined {
  return mark === undefined ? undefined : (JSON.parse(mark) as Validators);
}
