import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import type { FeedSource } from '../core/catalog/catalog.ts';
import type { FactOf } from '../core/fact.ts';
import { folderBlobs } from '../io/blobs/folder-blobs.ts';
import { feedReader } from '../io/feeds/feed-reader.ts';
import { openStore, type Store } from '../io/store/open-store.ts';
import { emptyFeedMemory, type IngestReport, ingestFeeds } from './ingest-feeds.ts';

/** Real feeds in a folder, a real store and blob store, and a clock that goes an hour on with each reading. */
class World {
  readonly folder: string;
  readonly store: Store;
  readonly blobs: ReturnType<typeof folderBlobs>;
  feeds: readonly FeedSource[];
  packages = new Set(['pkg:generic/hello']);
  memory = emptyFeedMemory();
  now = Temporal.Instant.from('2026-03-01T10:00:00Z');
  reader = feedReader({ now: () => this.now, reach: 'public', chance: () => 0, wait: async () => {} });

  constructor(folder: string, store: Store) {
    this.folder = folder;
    this.store = store;
    this.blobs = folderBlobs(join(folder, 'blobs'));
    mkdirSync(join(folder, 'osv'));
    this.feeds = [{ kind: 'osv', from: join(folder, 'osv') }];
  }

  write(name: string, content: unknown): void {
    writeFileSync(join(this.folder, name), typeof content === 'string' ? content : JSON.stringify(content));
  }

  /** One advisory about hello, in its own file. */
  osv(id: string, change: object = {}): void {
    const affected = [{ package: { ecosystem: '', name: 'x', purl: 'pkg:generic/hello' }, versions: ['1.0.0'] }];
    this.write(`osv/${id}.json`, { id, modified: '2026-02-01T00:00:00Z', affected, ...change });
  }

  async read(everySeconds = 0): Promise<IngestReport> {
    this.now = this.now.add({ hours: 1 });
    const deps = { clock: { now: () => this.now }, facts: this.store.facts, blobs: this.blobs, feeds: this.reader };
    return ingestFeeds(
      this.feeds,
      { packages: () => this.packages, everySeconds, mayHaveGrown: false },
      this.memory,
      deps,
    );
  }

  restart(): void {
    this.memory = emptyFeedMemory();
    this.reader = feedReader({ now: () => this.now, reach: 'public', chance: () => 0, wait: async () => {} });
  }

  async recorded(): Promise<readonly FactOf<'advisory-recorded'>[]> {
    const facts: FactOf<'advisory-recorded'>[] = [];
    for await (const fact of this.store.facts.facts()) if (fact.type === 'advisory-recorded') facts.push(fact);
    return facts;
  }

  async ids(): Promise<readonly string[]> {
    return (await this.recorded()).map(({ payload }) => `${payload.source} ${payload.id}`);
  }
}

async function world(t: TestContext): Promise<World> {
  const folder = mkdtempSync(join(tmpdir(), 'suture-ingest-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const holder: { world?: World } = {};
  const clock = { now: () => holder.world?.now ?? Temporal.Instant.from('2026-03-01T10:00:00Z') };
  const store = await openStore({ url: join(folder, 'store.db'), clock });
  t.after(() => store.close());
  holder.world = new World(folder, store);
  return holder.world;
}

test('ingestFeeds() records what concerns a package of ours, once, with the bytes as evidence', async (t) => {
  const w = await world(t);
  w.osv('GHSA-1');
  w.osv('GHSA-2', { affected: [{ package: { ecosystem: 'npm', name: 'other' }, versions: ['1.0.0'] }] });
  assert.deepEqual(await w.read(), { items: 2, records: 2, broken: 0, appended: 1, problems: [] });
  const [fact] = await w.recorded();
  assert.equal(fact?.payload.id, 'GHSA-1');
  assert.deepEqual([String(fact?.at.from), String(fact?.at.to)], ['2026-02-01T00:00:00Z', '2026-03-01T11:00:00Z']);
  const evidence = fact?.evidence[0];
  assert.ok(evidence !== undefined && (await w.blobs.get(evidence))?.length);
  assert.equal((await w.read()).appended, 0);
  w.restart();
  assert.equal((await w.read()).appended, 0);
});

test('ingestFeeds() records each version of a record, and again when it comes back to what it said', async (t) => {
  const w = await world(t);
  w.osv('GHSA-1');
  await w.read();
  const withdrawn = '2026-02-02T00:00:00Z';
  for (const change of [
    { modified: withdrawn, withdrawn },
    { modified: '2026-02-03T00:00:00Z' },
    { modified: '2026-02-04T00:00:00Z' },
  ]) {
    w.osv('GHSA-1', change);
    await w.read();
  }
  assert.deepEqual(
    (await w.recorded()).map(({ payload }) => [payload.modified.slice(0, 10), payload.withdrawn]),
    [
      ['2026-02-01', null],
      ['2026-02-02', withdrawn],
      ['2026-02-03', null],
    ],
  );
});

test('ingestFeeds() takes the words of the same day back and forth as facts of their own', async (t) => {
  const w = await world(t);
  for (const summary of ['a', 'b', 'a', 'b']) {
    w.osv('GHSA-1', { summary });
    w.restart();
    await w.read();
  }
  assert.deepEqual(
    (await w.recorded()).map(({ payload }) => payload.summary),
    ['a', 'b', 'a', 'b'],
  );
});

test('ingestFeeds() records a version that names our package no more, and passes over an older copy', async (t) => {
  const w = await world(t);
  w.osv('GHSA-1');
  await w.read();
  w.osv('GHSA-1', { modified: '2026-02-05T00:00:00Z', affected: [] });
  await w.read();
  w.osv('GHSA-1', { modified: '2026-02-04T00:00:00Z' });
  await w.read();
  assert.deepEqual(
    (await w.recorded()).map(({ payload }) => payload.affected.length),
    [1, 0],
  );
});

test('ingestFeeds() does not let one broken record stop the others: it is counted, shown and mended later', async (t) => {
  const w = await world(t);
  w.osv('A-1');
  w.write('osv/B-1.json', '{"id": "B-1",\n "modified" }');
  w.write('osv/C-1.json', { id: 'C-1' });
  w.osv('D-1');
  const report = await w.read();
  assert.deepEqual([report.items, report.records, report.broken, report.appended], [4, 2, 2, 2]);
  assert.deepEqual(
    report.problems.map(({ code, detail }) => [code, detail.at]),
    [
      ['E0202', join(w.folder, 'osv/B-1.json:2:13')],
      ['E0202', join(w.folder, 'osv/C-1.json')],
    ],
  );
  w.osv('B-1', { summary: 'mended' });
  assert.deepEqual([(await w.read()).appended, (await w.read()).broken, (await w.read()).broken], [1, 1, 0]);
});

test('ingestFeeds() reads everything again when more is of concern', async (t) => {
  const w = await world(t);
  w.osv('GHSA-2', { affected: [{ package: { ecosystem: 'npm', name: 'other' }, versions: ['1.0.0'] }] });
  await w.read();
  assert.equal((await w.read()).items, 0);
  w.packages.add('pkg:npm/other');
  assert.deepEqual([(await w.read()).appended, await w.ids()], [1, ['osv GHSA-2']]);
});

test('ingestFeeds() records who else speaks of a known vulnerability: other names, exploitation, probability', async (t) => {
  const w = await world(t);
  w.feeds = [
    { kind: 'epss', from: join(w.folder, 'epss.csv') },
    { kind: 'kev', from: join(w.folder, 'kev.json') },
    ...w.feeds,
  ];
  w.osv('CVE-2026-0001', { affected: [] });
  w.osv('GHSA-1', { aliases: ['CVE-2026-0001'] });
  w.write('epss.csv', 'cve,epss,percentile\nCVE-2026-0001,0.5,0.9\nCVE-2026-0002,0.5,0.9\n');
  const entries = ['CVE-2026-0001', 'CVE-2026-0002'].map((cveID) => ({ cveID, dateAdded: '2026-03-01' }));
  w.write('kev.json', { dateReleased: '2026-03-01T00:00:00Z', vulnerabilities: entries });
  await w.read();
  await w.read();
  assert.deepEqual(await w.ids(), ['osv GHSA-1', 'kev CVE-2026-0001', 'epss CVE-2026-0001', 'osv CVE-2026-0001']);
  assert.equal((await w.read()).appended, 0);
});

test('ingestFeeds() takes a probability within the same hundredth for no news', async (t) => {
  const w = await world(t);
  w.feeds = [...w.feeds, { kind: 'epss', from: join(w.folder, 'epss.csv') }];
  w.osv('CVE-2026-0001');
  for (const score of ['0.501', '0.5049', '0.51']) {
    w.write('epss.csv', `CVE-2026-0001,${score},0.9\n`);
    w.restart();
    await w.read();
  }
  assert.deepEqual(
    (await w.recorded()).flatMap(({ payload }) => payload.epss ?? []),
    [0.501, 0.51],
  );
});

test('ingestFeeds() keeps an entry that is taken off the list of the exploited, as withdrawn', async (t) => {
  const w = await world(t);
  w.feeds = [...w.feeds, { kind: 'kev', from: join(w.folder, 'kev.json') }];
  w.osv('CVE-2026-0001');
  const other = { cveID: 'CVE-2020-0001', dateAdded: '2020-03-01' };
  const dateReleased = '2026-03-01T00:00:00Z';
  w.write('kev.json', { dateReleased, vulnerabilities: [other, { cveID: 'CVE-2026-0001', dateAdded: '2026-03-01' }] });
  await w.read();
  w.write('kev.json', { dateReleased: '2026-03-03T00:00:00Z', vulnerabilities: [other] });
  await w.read();
  const kev = (await w.recorded()).filter(({ payload }) => payload.source === 'kev');
  assert.deepEqual(
    kev.map(({ payload }) => [payload.exploitedSince, payload.withdrawn]),
    [
      ['2026-03-01T00:00:00Z', null],
      [null, '2026-03-03T00:00:00Z'],
    ],
  );
});

test('ingestFeeds() reads the other feeds when one is not there, and leaves that one alone for a while', async (t) => {
  const w = await world(t);
  w.feeds = [{ kind: 'osv', from: join(w.folder, 'missing') }, ...w.feeds];
  w.osv('GHSA-1');
  const report = await w.read();
  assert.deepEqual([report.appended, report.problems.map(({ code }) => code)], [1, ['E0201']]);
  w.now = w.now.subtract({ minutes: 60 }).add({ seconds: 30 });
  assert.deepEqual((await w.read()).problems, []);
  assert.equal((await w.read()).problems.length, 1);
});

test('ingestFeeds() does not believe a date in the future', async (t) => {
  const w = await world(t);
  w.osv('GHSA-1', { modified: '2030-01-01T00:00:00Z' });
  await w.read();
  const [fact] = await w.recorded();
  assert.ok(fact !== undefined && fact.at.from.equals(fact.at.to) && fact.at.to.equals(w.now));
});
