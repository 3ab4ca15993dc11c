import type { Context } from 'hono';
import { digestOf } from '../../core/digest.ts';
import type { FeedFile } from '../../views/feed/feed-file.ts';
import { feedFiles } from '../../views/feed/feed-files.ts';
import { type FeedDeps, lookUpFeed } from '../look-up-feed.ts';

export interface FeedsDeps extends FeedDeps {
  readonly head: () => Promise<{ readonly seq: number; readonly hash: string }>;
}

interface Served {
  readonly file: FeedFile;
  readonly etag: string;
}

/** Serves the feeds under `/feeds/…`; they are made anew when the ledger has grown, and asked for twice cost nothing. */
export function feedServer(deps: FeedsDeps): (c: Context) => Promise<Response | undefined> {
  let made: { readonly hash: string; readonly files: Promise<ReadonlyMap<string, Served>> } | undefined;
  return async (c) => {
    const { hash } = await deps.head();
    if (made?.hash !== hash) made = { hash, files: filesOf(deps) };
    const current = made;
    const files = await current.files.catch((error: unknown) => {
      if (made === current) made = undefined;
      throw error;
    });
    const asked = c.req.path.slice('/feeds/'.length);
    const served = files.get(asked === '' ? 'index.json' : asked);
    if (served === undefined) return undefined;
    const headers = { etag: served.etag, 'content-type': served.file.mediaType };
    if (isKnown(c.req.header('if-none-match'), served.etag)) return c.body(null, 304, headers);
    return c.body(Uint8Array.from(served.file.bytes), 200, headers);
  };
}

async function filesOf(deps: FeedsDeps): Promise<ReadonlyMap<string, Served>> {
  const files = feedFiles(await lookUpFeed(null, deps));
  return new Map(files.map((file) => [file.path, { file, etag: `"${digestOf(file.bytes)}"` }]));
}

/** RFC 9110, 13.1.2: a list, or `*`; weak tags compare as their strong ones do. */
function isKnown(header: string | undefined, etag: string): boolean {
  return (header ?? '').split(',').some((each) => ['*', etag].includes(each.trim().replace(/^W\//, '')));
}
