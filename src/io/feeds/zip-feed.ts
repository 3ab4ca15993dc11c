import { open } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import yauzl from 'yauzl';
import { Failure } from '../../core/failure.ts';
import type { FeedItem } from '../../factory/ingest-feeds.ts';
import { type ItemSource, tooLarge } from './file-item.ts';

const ENTRIES_MAX = 2_000_000;
/** Everything unpacked together: all advisories of all ecosystems are a tenth of this. */
const TOTAL_BYTES_MAX = 64 * 1024 ** 3;

/** Whether a file begins as zip files do (PKWARE APPNOTE 4.3.7). */
export async function isZip(path: string): Promise<boolean> {
  await using file = await open(path, 'r');
  const start = Buffer.alloc(4);
  await file.read(start, 0, 4, 0);
  return beginsAsZip(start);
}

export function beginsAsZip(bytes: Uint8Array): boolean {
  return bytes[0] === 0x50 && bytes[1] === 0x4b && bytes[2] === 3 && bytes[3] === 4;
}

export interface ZipSource extends ItemSource {
  /** Which members are items, by their names. */
  readonly isItem: (path: string) => boolean;
}

export async function* readZipFile(source: ZipSource): AsyncIterable<FeedItem> {
  yield* readZip(source, (options, done) => yauzl.open(source.name, options, done));
}

export async function* readZipBytes(bytes: Uint8Array, source: ZipSource): AsyncIterable<FeedItem> {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  yield* readZip(source, (options, done) => yauzl.fromBuffer(buffer, options, done));
}

export interface ZipMember {
  /** As items of it are named: the archive, `!`, its own name. */
  readonly name: string;
  /** Checksum and sizes, as its directory has them: of all members of this name. */
  readonly mark: string;
  readonly bytes: number;
}

/** The members that are items, as the directory tells; what is damaged in it is told, with the members before that. */
export async function zipMembers({ name, isItem }: Pick<ZipSource, 'name' | 'isItem'>): Promise<{
  readonly members: readonly ZipMember[];
  readonly problem: Failure | null;
}> {
  const members = new Map<string, ZipMember>();
  const known = (of: string) => members.get(of) ?? { mark: '', bytes: 0 };
  try {
    for await (const { entry } of entriesOf((options, done) => yauzl.open(name, options, done))) {
      if (!isItem(entry.fileName)) continue;
      const member = `${name}!${entry.fileName}`;
      const { mark, bytes } = known(member);
      members.set(member, {
        name: member,
        mark: `${mark} ${entry.crc32} ${entry.uncompressedSize}`.trimStart(),
        bytes: bytes + entry.uncompressedSize,
      });
    }
    return { members: [...members.values()], problem: null };
  } catch (error) {
    return { members: [...members.values()], problem: malformed(name, error) };
  }
}

type Open = (options: yauzl.Options, done: (error: Error | null, zip: yauzl.ZipFile) => void) => void;

/**
 * The items in a zip, in its order, unpacked in memory and never written anywhere. Member by member: one that is
 * damaged or too large is a problem of its own. A directory that is damaged, or names a member outside of the archive,
 * ends the reading with a problem.
 */
async function* readZip(source: ZipSource, openZip: Open): AsyncIterable<FeedItem> {
  const { name, isItem } = source;
  try {
    for await (const { zip, entry } of entriesOf(openZip)) {
      if (isItem(entry.fileName)) yield await readMember(zip, entry, source);
    }
  } catch (error) {
    yield { kind: 'problem', problem: malformed(name, error) };
  }
}

async function* entriesOf(openZip: Open): AsyncIterable<{ readonly zip: yauzl.ZipFile; readonly entry: yauzl.Entry }> {
  let zip: yauzl.ZipFile | undefined;
  try {
    zip = await opened(openZip);
    let total = 0;
    let count = 0;
    for (let entry = await nextEntry(zip); entry !== undefined; entry = await nextEntry(zip)) {
      count += 1;
      total += entry.uncompressedSize;
      if (count > ENTRIES_MAX || total > TOTAL_BYTES_MAX) throw new Error('it unpacks to more than any feed holds');
      yield { zip, entry };
    }
  } finally {
    zip?.close();
  }
}

function opened(openZip: Open): Promise<yauzl.ZipFile> {
  return new Promise((resolve, reject) => {
    openZip({ lazyEntries: true, autoClose: false, strictFileNames: true }, (error, zip) =>
      error === null ? resolve(zip) : reject(error),
    );
  });
}

function nextEntry(zip: yauzl.ZipFile): Promise<yauzl.Entry | undefined> {
  return new Promise((resolve, reject) => {
    const settle = (act: () => void) => {
      zip.removeAllListeners('entry').removeAllListeners('end').removeAllListeners('error');
      act();
    };
    zip.once('entry', (entry: yauzl.Entry) => settle(() => resolve(entry)));
    zip.once('end', () => settle(() => resolve(undefined)));
    zip.once('error', (error: Error) => settle(() => reject(error)));
    zip.readEntry();
  });
}

async function readMember(zip: yauzl.ZipFile, entry: yauzl.Entry, source: ZipSource): Promise<FeedItem> {
  const name = `${source.name}!${entry.fileName}`;
  if (entry.uncompressedSize > source.itemBytesMax) return { kind: 'problem', problem: tooLarge({ ...source, name }) };
  try {
    return { kind: 'item', name, bytes: await unpacked(zip, entry), observedAt: source.observedAt };
  } catch (error) {
    return { kind: 'problem', problem: malformed(name, error) };
  }
}

/** The library ends the stream with an error when a member holds more or less than its directory entry says. */
async function unpacked(zip: yauzl.ZipFile, entry: yauzl.Entry): Promise<Uint8Array> {
  const stream = await new Promise<Readable>((resolve, reject) => {
    zip.openReadStream(entry, (error, found) => (error === null ? resolve(found) : reject(error)));
  });
  const chunks: Buffer[] = [];
  for await (const chunk of stream as AsyncIterable<Buffer>) chunks.push(chunk);
  return Buffer.concat(chunks);
}

function malformed(name: string, cause: unknown): Failure {
  return new Failure('E0404', `${name} is not a sound zip archive`, {
    at: name,
    why: cause instanceof Error ? cause.message : String(cause),
    kept: 'what was read of it before this place counts; the rest is read when it is sound',
    hint: 'report it to the publisher of the feed',
    retryable: true,
    cause,
  });
}
