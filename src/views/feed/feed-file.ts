import { digestOf } from '../../core/digest.ts';

/** One file of the feeds' folder; `path` is relative to it, with `/`. */
export interface FeedFile {
  readonly path: string;
  readonly mediaType: string;
  readonly bytes: Uint8Array;
}

export function jsonFile(path: string, value: unknown): FeedFile {
  return {
    path,
    mediaType: 'application/json',
    bytes: new TextEncoder().encode(`${JSON.stringify(value, null, 2)}\n`),
  };
}

/** The folder's own list: which files belong to it, and how far the ledger had come. */
export const indexPath = 'index.json';
export const feedSchema = 'suture/feed/1';

export function indexEntry({ path, bytes }: FeedFile) {
  return { path, sha256: digestOf(bytes).slice('sha256:'.length), sizeBytes: bytes.length };
}
