import assert from 'node:assert/strict';
import { test } from 'node:test';
import { facts, literalWorld } from '../../../test/support/literal-world.ts';
import { NOW } from '../../../test/support/obligation.ts';
import { feedServer } from './feeds.ts';
import { pages } from './pages.ts';

const world = literalWorld();
let asked = 0;
let head = { seq: facts.length, hash: 'a' };
const feed = feedServer({
  ...world,
  async *facts(after, until) {
    asked += 1;
    yield* world.facts(after, until);
  },
  head: async () => head,
  inventory: async () => ({ packages: [], components: [] }),
  publisher: async () => ({ name: 'acme', publicName: (repository) => `registry.example/${repository}` }),
  programVersion: '0.1.0',
});
const app = pages({
  ...world,
  feed,
  health: async () => ({ status: 'ok', store: 'sqlite', lastTick: NOW, trouble: null }),
  onFault: () => {},
});
const get = (path: string, headers: Record<string, string> = {}) => app.request(`http://127.0.0.1${path}`, { headers });

test('feedServer() serves what its own list names, each with its tag', async () => {
  const index = await get('/feeds/');
  assert.equal(index.status, 200);
  const { files } = (await index.json()) as { files: { path: string; sha256: string; sizeBytes: number }[] };
  assert.ok(files.length >= 3);
  for (const { path, sha256, sizeBytes } of files) {
    const answer = await get(`/feeds/${path}`);
    assert.equal(answer.headers.get('etag'), `"sha256:${sha256}"`, path);
    assert.equal((await answer.arrayBuffer()).byteLength, sizeBytes);
  }
});

test('feedServer() 304: the reader has it already, in any form of the header', async () => {
  const path = '/feeds/secdb/security.json';
  const etag = (await get(path)).headers.get('etag') ?? '';
  for (const header of [etag, `W/${etag}`, `"other", ${etag}`, '*']) {
    const answer = await get(path, { 'if-none-match': header });
    assert.equal(answer.status, 304, header);
    assert.equal(await answer.text(), '');
  }
  assert.equal((await get(path, { 'if-none-match': '"other"' })).status, 200);
});

test('feedServer() 404: no such feed, and nothing outside of the folder', async () => {
  for (const path of [
    '/feeds/osv/x.json',
    '/feeds/../healthz.json',
    '/feeds/%2e%2e/suture.yaml',
    '/feeds/a%2fb',
    '/feeds/%zz',
  ]) {
    assert.equal((await get(path)).status, 404, path);
  }
});

test('feedServer() makes them anew when the ledger has grown, and only then', async () => {
  await get('/feeds/index.json');
  const before = asked;
  await get('/feeds/index.json');
  assert.equal(asked, before);
  head = { seq: facts.length + 1, hash: 'b' };
  await get('/feeds/index.json');
  assert.equal(asked, before + 1);
});
