import { stat } from 'node:fs/promises';
import { isFeedFile, itemBytesMax } from '../../factory/feed-files.ts';
import type { FeedItem, FeedReader, FeedReading } from '../../factory/ingest-feeds.ts';
import type { FetchDeps } from '../http/fetch-bounded.ts';
import type { Reach } from '../http/allowed-address.ts';
import { Failure } from '../../core/failure.ts';
import { readFileItem } from './file-item.ts';
import { readFolder } from './folder-feed.ts';
import { shownPath } from './shown-path.ts';
import { readUrl } from './url-feed.ts';
import { isZip, readZipFile } from './zip-feed.ts';

export interface FeedReaderOptions extends FetchDeps {
  now(): Temporal.Instant;
  /** Where addresses of feeds may lead. */
  readonly reach: Reach;
}

/** How files, folders and addresses looked when they were settled last, by name; lost with the process, which is safe. */
export type Marks = Map<string, string>;

export interface ReadContext extends FeedReaderOptions {
  readonly onlyChanged: boolean;
  /** Which files of a folder or archive are items. */
  readonly isItem: (path: string) => boolean;
  /** Of one item. */
  readonly itemBytesMax: number;
  readonly settledMarks: Marks;
  /** Becomes settled with this reading. */
  readonly newMarks: Marks;
}

/** Reads feeds from a folder of files, a zip of them, a single file, or an https address of either of the latter. */
export function feedReader(options: FeedReaderOptions): FeedReader {
  const settledMarks: Marks = new Map();
  return {
    async read(feed, { onlyChanged }): Promise<FeedReading> {
      const newMarks: Marks = new Map();
      const isItem = (path: string) => isFeedFile(feed.kind, path);
      const kindOf = { isItem, itemBytesMax: itemBytesMax(feed.kind) };
      const context = { ...options, ...kindOf, onlyChanged, settledMarks, newMarks };
      const items = await itemsOf(feed.from, context);
      return {
        items,
        settled: async () => {
          for (const [name, mark] of newMarks) settledMarks.set(name, mark);
        },
      };
    },
  };
}

async function itemsOf(from: string, context: ReadContext): Promise<AsyncIterable<FeedItem>> {
  if (/^https?:\/\//.test(from)) return await readUrl(from, context);
  const found = await stat(from, { bigint: true }).catch((error: unknown) => {
    throw unreachable(from, error);
  });
  if (found.isDirectory()) return readFolder(from, context);
  const mark = `${found.mtimeNs} ${found.size} ${found.ino}`;
  context.newMarks.set(from, mark);
  if (context.onlyChanged && context.settledMarks.get(from) === mark) return nothing();
  const source = { ...context, observedAt: context.now() };
  return (await isZip(from))
    ? readZipFile({ ...source, name: from })
    : one(await readFileItem(from, { ...source, name: shownPath(from) }));
}

async function* nothing(): AsyncIterable<FeedItem> {}

async function* one(item: FeedItem): AsyncIterable<FeedItem> {
  yield item;
}

function unreachable(from: string, cause: unknown): Failure {
  return new Failure('E0201', `The feed ${from} is not there`, {
    at: from,
    why: cause instanceof Error ? cause.message : String(cause),
    kept: 'what was read from it before stays in force',
    hint: 'look at `feeds` in suture.yaml',
    retryable: true,
    cause,
  });
}
