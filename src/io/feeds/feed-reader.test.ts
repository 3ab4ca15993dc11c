import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm, symlink, truncate, utimes, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { zipOf } from '../../../test/support/zip.ts';
import { Failure } from '../../core/failure.ts';
import type { FeedItem, FeedReader } from '../../factory/ingest-feeds.ts';
import { feedReader } from './feed-reader.ts';

const now = Temporal.Instant.from('2026-03-01T10:00:00Z');

function reader(): FeedReader {
  return feedReader({ now: () => now, reach: 'public-and-loopback', chance: () => 0, wait: async () => {} });
}

async function folder(t: TestContext): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), 'suture-feed-'));
  t.after(() => rm(path, { recursive: true, force: true }));
  return path;
}

async function read(feeds: FeedReader, from: string, onlyChanged = false): Promise<readonly string[]> {
  const reading = await feeds.read({ kind: 'osv', from }, { onlyChanged });
  const seen: string[] = [];
  for await (const item of reading.items) seen.push(shown(item));
  await reading.settled();
  return seen;
}

function shown(item: FeedItem): string {
  return item.kind === 'item'
    ? `${item.name.split('/').at(-1)}=${Buffer.from(item.bytes).toString()}`
    : item.problem.code;
}

test('feedReader() reads the JSON files of a folder and its folders by name, and follows no links', async (t) => {
  const path = await folder(t);
  await mkdir(join(path, 'sub'));
  await writeFile(join(path, 'b.json'), '2');
  await writeFile(join(path, 'sub', 'a.json'), '1');
  await writeFile(join(path, 'readme.txt'), 'no');
  await symlink('/etc/passwd', join(path, 'link.json'));
  await symlink(path, join(path, 'loop'));
  assert.deepEqual(await read(reader(), path), ['b.json=2', 'a.json=1']);
});

test('feedReader() gives only what changed since it was settled, and everything when asked for everything', async (t) => {
  const path = await folder(t);
  const feeds = reader();
  await writeFile(join(path, 'a.json'), '1');
  await writeFile(join(path, 'b.json'), '1');
  assert.equal((await read(feeds, path, true)).length, 2);
  assert.deepEqual(await read(feeds, path, true), []);
  await writeFile(join(path, 'b.json'), '22');
  await utimes(join(path, 'b.json'), 1, 1);
  assert.deepEqual(await read(feeds, path, true), ['b.json=22']);
  assert.equal((await read(feeds, path)).length, 2);
});

test('feedReader() counts nothing as seen before it is settled', async (t) => {
  const path = await folder(t);
  const feeds = reader();
  await writeFile(join(path, 'a.json'), '1');
  const { items } = await feeds.read({ kind: 'osv', from: path }, { onlyChanged: true });
  for await (const item of items) assert.equal(item.kind, 'item');
  assert.deepEqual(await read(feeds, path, true), ['a.json=1']);
});

test('feedReader() passes over a file beyond the bound and reads the others', async (t) => {
  const path = await folder(t);
  await writeFile(join(path, 'a.json'), '');
  await truncate(join(path, 'a.json'), 64 * 1024 * 1024 + 1);
  await writeFile(join(path, 'b.json'), '2');
  assert.deepEqual(await read(reader(), path), ['E0205', 'b.json=2']);
});

test('feedReader() reads the JSON members of a zip, unchanged only once', async (t) => {
  const path = join(await folder(t), 'all.zip');
  await writeFile(path, zipOf({ 'a.json': '1', 'sub/b.json': '2', 'readme.md': 'no' }));
  const feeds = reader();
  assert.deepEqual(await read(feeds, path, true), ['all.zip!a.json=1', 'b.json=2']);
  assert.deepEqual(await read(feeds, path, true), []);
});

test('feedReader() ends at a member that leads out of a zip, and keeps what came before', async (t) => {
  const path = join(await folder(t), 'all.zip');
  for (const name of ['../evil.json', '/etc/evil.json', 'a\\..\\evil.json']) {
    await writeFile(path, zipOf({ 'a.json': '1', [name]: '2', 'c.json': '3' }));
    assert.deepEqual(await read(reader(), path), ['all.zip!a.json=1', 'E0404'], name);
  }
});

test('feedReader() names a zip that is cut off or lies about a size as a problem, not as an end', async (t) => {
  const path = join(await folder(t), 'all.zip');
  const whole = zipOf({ 'a.json': '1', 'b.json': '2' });
  await writeFile(path, whole.subarray(0, -30));
  assert.deepEqual(await read(reader(), path), ['E0404']);
  const lying = Buffer.from(whole);
  lying.writeUInt32LE(5, whole.indexOf('PK\x01\x02') + 24);
  await writeFile(path, lying);
  const seen = await read(reader(), path);
  assert.ok(seen.includes('E0404'));
});

test('feedReader() reads one file, and an address, with its validators', async (t) => {
  const path = join(await folder(t), 'kev.json');
  await writeFile(path, '{}');
  assert.deepEqual(await read(reader(), path), ['kev.json={}']);
  const zip = zipOf({ 'a.json': '1' });
  const server = createServer((request, response) => {
    const known = request.headers['if-none-match'] === '"1"';
    response.writeHead(known ? 304 : 200, { etag: '"1"' }).end(known ? undefined : zip);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.after(() => server.close());
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/all.zip`;
  const feeds = reader();
  assert.deepEqual(await read(feeds, url, true), ['all.zip!a.json=1']);
  assert.deepEqual(await read(feeds, url, true), []);
  assert.equal((await read(feeds, url, false)).length, 1);
});

test('feedReader() says that a feed is not there', async (t) => {
  const path = join(await folder(t), 'nothing');
  await assert.rejects(read(reader(), path), (error) => error instanceof Failure && error.code === 'E0201');
});

test('feedReader() takes the files that are items of such a feed, from folders and zips alike', async (t) => {
  const path = await folder(t);
  const crate = join(path, 'crates', 'x');
  await mkdir(crate, { recursive: true });
  await writeFile(join(crate, 'RUSTSEC-2026-0001.md'), '1');
  await writeFile(join(path, 'README.md'), 'no');
  await writeFile(join(path, 'index.json'), 'no');
  await writeFile(
    join(path, 'all.zip'),
    zipOf({ 'db-main/crates/x/RUSTSEC-2026-0002.md': '2', 'db-main/README.md': 'no' }),
  );
  const names = async (from: string) => {
    const { items } = await reader().read({ kind: 'rustsec', from }, { onlyChanged: false });
    const found: string[] = [];
    for await (const item of items) if (item.kind === 'item') found.push(item.name.split('/').at(-1) ?? '');
    return found;
  };
  assert.deepEqual(await names(path), ['RUSTSEC-2026-0001.md']);
  assert.deepEqual(await names(join(path, 'all.zip')), ['RUSTSEC-2026-0002.md']);
});
