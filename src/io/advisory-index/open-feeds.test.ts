import assert from 'node:assert/strict';
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  symlinkSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { zipOf } from '../../../test/support/zip.ts';
import { openFeeds } from './open-feeds.ts';

const osv = (id: string, fixed: string, name = 'left-pad') =>
  JSON.stringify({
    id,
    modified: '2026-02-01T00:00:00Z',
    aliases: [`CVE-${id.slice(5)}`],
    affected: [
      {
        package: { ecosystem: 'npm', name },
        ranges: [{ type: 'SEMVER', events: [{ introduced: '0' }, { fixed }] }],
      },
    ],
  });
const kev = JSON.stringify({
  catalogVersion: '2026.02.01',
  dateReleased: '2026-02-01T00:00:00Z',
  vulnerabilities: [{ cveID: 'CVE-2026-0001', dateAdded: '2026-01-15' }],
});

function place(t: TestContext) {
  const folder = mkdtempSync(join(tmpdir(), 'suture-feeds-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const feed = join(folder, 'feed');
  const cache = join(folder, 'cache');
  let now = Temporal.Instant.from('2026-03-01T10:00:00Z');
  const built: string[] = [];
  mkdirSync(join(feed, 'npm'), { recursive: true });
  return {
    feed,
    cache,
    built,
    later: (minutes: number) => void (now = now.add({ minutes })),
    open: () =>
      openFeeds([feed], { cache, now: () => now, onBuild: (path) => void built.push(path.slice(feed.length)) }),
  };
}

/** As somebody who may write nowhere: root may everywhere. */
async function asNobody<T>(work: () => Promise<T>): Promise<T> {
  if (process.getuid?.() !== 0) return work();
  process.seteuid?.(65_534);
  try {
    return await work();
  } finally {
    process.seteuid?.(0);
  }
}

const pad = { upstream: 'pkg:npm/left-pad', stream: '1', version: '1.0.0' };

test('openFeeds() reads folders, zips and loose files of any form, and answers by package, id and score', async (t) => {
  const { feed, open } = place(t);
  writeFileSync(join(feed, 'npm/GHSA-2026-0001.json'), osv('GHSA-2026-0001', '1.0.1'));
  writeFileSync(join(feed, 'npm/README.md'), '# not an advisory');
  writeFileSync(join(feed, 'all.zip'), zipOf({ 'x/GHSA-2026-0002.json': osv('GHSA-2026-0002', '2.0.0') }));
  writeFileSync(join(feed, 'kev.json'), kev);
  writeFileSync(join(feed, 'epss.csv'), 'cve,epss,percentile\nCVE-2026-0001,0.5,0.9\n');
  const feeds = await open();
  t.after(() => feeds.close());
  assert.deepEqual(
    feeds
      .on(pad)
      .map(({ id }) => id)
      .toSorted(),
    ['GHSA-2026-0001', 'GHSA-2026-0002'],
  );
  assert.deepEqual(
    feeds.on({ ...pad, version: '1.0.1' }).map(({ id }) => id),
    ['GHSA-2026-0002'],
  );
  assert.equal(feeds.about({ ...pad, stream: '9' }).length, 2);
  assert.deepEqual(
    feeds
      .named('CVE-2026-0001')
      .map(({ source }) => source)
      .toSorted(),
    ['ghsa', 'kev'],
  );
  assert.equal(feeds.epss('CVE-2026-0001')?.toFixed(3), '0.500');
  assert.deepEqual(
    [feeds.records, feeds.broken, feeds.newestModified, [...feeds.ecosystems]],
    [3, 0, '2026-02-01T00:00:00Z', ['npm']],
  );
});

test('openFeeds() dates each part by its newest record, and all by those that speak of packages', async (t) => {
  const { feed, open } = place(t);
  writeFileSync(join(feed, 'npm/GHSA-2026-0001.json'), osv('GHSA-2026-0001', '1.0.1'));
  mkdirSync(join(feed, 'epss'));
  writeFileSync(
    join(feed, 'epss/epss.csv'),
    '#model_version:v2025.03.14,score_date:2026-02-28T00:00:00+0000\ncve,epss,percentile\nCVE-2026-0001,0.5,0.9\n',
  );
  const { parts, newestModified, close } = await open();
  t.after(close);
  assert.equal(newestModified, '2026-02-01T00:00:00Z');
  assert.deepEqual(
    parts.map(({ path, newestModified: newest }) => [path.slice(feed.length), newest]),
    [
      ['/epss', '2026-02-28T00:00:00Z'],
      ['/npm', '2026-02-01T00:00:00Z'],
    ],
  );
});

test('openFeeds() reads a zip in a folder of a folder', async (t) => {
  const { feed, open } = place(t);
  mkdirSync(join(feed, 'osv/npm'), { recursive: true });
  writeFileSync(join(feed, 'osv/npm/all.zip'), zipOf({ 'GHSA-2026-0002.json': osv('GHSA-2026-0002', '2.0.0') }));
  const feeds = await open();
  t.after(() => feeds.close());
  assert.deepEqual(
    feeds.on(pad).map(({ id }) => id),
    ['GHSA-2026-0002'],
  );
});

test('openFeeds() follows links that a feed is mounted by, to folders, zips and files, and one to itself once', async (t) => {
  const { feed, open } = place(t);
  const real = join(feed, '../real');
  mkdirSync(join(real, 'npm'), { recursive: true });
  writeFileSync(join(real, 'npm/GHSA-2026-0001.json'), osv('GHSA-2026-0001', '1.0.1'));
  writeFileSync(join(real, 'all.zip'), zipOf({ 'GHSA-2026-0002.json': osv('GHSA-2026-0002', '2.0.0') }));
  writeFileSync(join(real, 'GHSA-2026-0003.json'), osv('GHSA-2026-0003', '3.0.0'));
  for (const name of ['all.zip', 'GHSA-2026-0003.json']) symlinkSync(join(real, name), join(feed, name));
  symlinkSync(join(real, 'npm'), join(feed, 'linked'));
  symlinkSync(feed, join(feed, 'self'));
  symlinkSync(join(feed, 'circle'), join(feed, 'circle'));
  const told = async () => {
    const feeds = await open();
    const ids = feeds.on(pad).map(({ id }) => id);
    feeds.close();
    return ids.toSorted();
  };
  assert.deepEqual(await told(), ['GHSA-2026-0001', 'GHSA-2026-0002', 'GHSA-2026-0003']);
  writeFileSync(join(real, 'npm/GHSA-2026-0004.json'), osv('GHSA-2026-0004', '1.0.1'));
  assert.deepEqual(await told(), ['GHSA-2026-0001', 'GHSA-2026-0002', 'GHSA-2026-0003', 'GHSA-2026-0004']);
});

test('openFeeds() reads again what changed, and nothing else', async (t) => {
  const { feed, built, open } = place(t);
  writeFileSync(join(feed, 'npm/GHSA-2026-0001.json'), osv('GHSA-2026-0001', '1.0.1'));
  writeFileSync(join(feed, 'all.zip'), zipOf({ 'GHSA-2026-0002.json': osv('GHSA-2026-0002', '2.0.0') }));
  (await open()).close();
  (await open()).close();
  assert.deepEqual(built.splice(0), ['/all.zip', '/npm', '']);
  writeFileSync(join(feed, 'npm/GHSA-2026-0003.json'), osv('GHSA-2026-0003', '3.0.0'));
  const feeds = await open();
  assert.deepEqual(built.splice(0), ['/npm']);
  assert.equal(feeds.on(pad).length, 3);
  feeds.close();
  // Written in place: where there are few files, each is looked at.
  writeFileSync(join(feed, 'npm/GHSA-2026-0003.json'), osv('GHSA-2026-0003', '0.9.0', 'right-pad'));
  utimesSync(join(feed, 'npm/GHSA-2026-0003.json'), 1, 1);
  (await open()).close();
  assert.deepEqual(built.splice(0), ['/npm']);
});

test('openFeeds() looks at each of many files every ten minutes, and at their folders in between', async (t) => {
  const { feed, built, later, open } = place(t);
  for (let number = 1000; number < 1101; number += 1) {
    writeFileSync(join(feed, `npm/GHSA-2026-${number}.json`), osv(`GHSA-2026-${number}`, '1.0.1'));
  }
  (await open()).close();
  assert.deepEqual(built.splice(0), ['/npm', '']);
  utimesSync(join(feed, 'npm/GHSA-2026-1000.json'), 1, 1);
  later(9);
  (await open()).close();
  assert.deepEqual(built.splice(0), []);
  later(1);
  (await open()).close();
  assert.deepEqual(built.splice(0), ['/npm']);
});

test('openFeeds() counts what cannot be used, names it, and takes the rest', async (t) => {
  const { feed, open } = place(t);
  writeFileSync(join(feed, 'npm/GHSA-2026-0001.json'), osv('GHSA-2026-0001', '1.0.1'));
  writeFileSync(join(feed, 'npm/GHSA-2026-0002.json'), '{"id": ');
  writeFileSync(join(feed, 'npm/GHSA-2026-0003.json'), '{"id": "GHSA-2026-0003"}');
  const feeds = await open();
  t.after(() => feeds.close());
  assert.deepEqual([feeds.records, feeds.broken, feeds.problems.length], [1, 2, 2]);
  assert.match(feeds.problems.join(), /GHSA-2026-0002\.json/);
});

for (const file of ['index', 'about.json', 'epss', 'records.jsonl', 'offsets', 'ids']) {
  test(`openFeeds() makes a part again whose ${file} is cut off or gone`, async (t) => {
    const { feed, cache, built, open } = place(t);
    writeFileSync(join(feed, 'npm/GHSA-2026-0001.json'), osv('GHSA-2026-0001', '1.0.1'));
    writeFileSync(join(feed, 'npm/epss.csv'), 'cve,epss,percentile\nCVE-2026-0001,0.5,0.9\n');
    (await open()).close();
    const kept = built.length;
    for (const damage of [(path: string) => truncateSync(path, 3), (path: string) => rmSync(path)]) {
      for (const name of readdirSync(cache).filter((each) => !each.endsWith('.json'))) damage(join(cache, name, file));
      built.length = 0;
      const feeds = await open();
      assert.deepEqual(
        [
          feeds.on(pad).length,
          feeds.named('CVE-2026-0001').length,
          feeds.epss('CVE-2026-0001')?.toFixed(1),
          built.length,
        ],
        [1, 1, '0.5', kept],
      );
      feeds.close();
    }
  });
}

test('openFeeds() is E0201 where there is no feed', async (t) => {
  const { feed, cache } = place(t);
  const deps = { cache, now: () => Temporal.Instant.from('2026-03-01T10:00:00Z'), onBuild: () => {} };
  await assert.rejects(openFeeds([join(feed, 'nowhere')], deps), { code: 'E0201' });
  await assert.rejects(openFeeds(['/dev/null'], deps), { code: 'E0201', message: '/dev/null is no feed' });
});

test('openFeeds() notices what comes and goes in folders of folders at once', async (t) => {
  const { feed, built, open } = place(t);
  writeFileSync(join(feed, 'npm/GHSA-2026-0001.json'), osv('GHSA-2026-0001', '1.0.1'));
  (await open()).close();
  const changes = [
    () => mkdirSync(join(feed, 'npm/deep/deeper'), { recursive: true }),
    () => writeFileSync(join(feed, 'npm/deep/deeper/GHSA-2026-0002.json'), osv('GHSA-2026-0002', '2.0.0')),
    () => rmSync(join(feed, 'npm/deep'), { recursive: true }),
  ];
  const found: number[] = [];
  for (const change of changes) {
    change();
    const feeds = await open();
    found.push(feeds.on(pad).length);
    feeds.close();
  }
  assert.deepEqual(found, [1, 2, 1]);
  built.length = 0;
  (await open()).close();
  assert.deepEqual(built, []);
});

test('openFeeds() counts what it passes over: links within a feed, entries that name no version', async (t) => {
  const { feed, open } = place(t);
  const git = [{ type: 'GIT', repo: 'https://git.example/a', events: [{ introduced: '0' }] }];
  const affected = (...entries: object[]) => ({ modified: '2026-02-01T00:00:00Z', affected: entries });
  const named = { package: { ecosystem: 'npm', name: 'left-pad' } };
  const records = {
    'CVE-2026-0007': affected({ ranges: git }),
    'CVE-2026-0008': affected({ ...named, ranges: git }, { ...named, versions: ['1.0.0'] }),
    'CVE-2026-0009': affected({ ...named, ranges: git, versions: ['1.0.0'] }),
  };
  for (const [id, record] of Object.entries(records)) {
    writeFileSync(join(feed, `npm/${id}.json`), JSON.stringify({ id, ...record }));
  }
  symlinkSync(join(feed, 'npm/CVE-2026-0007.json'), join(feed, 'npm/again.json'));
  symlinkSync('/nowhere', join(feed, 'npm/nowhere'));
  const feeds = await open();
  assert.deepEqual(feeds.passedOver, { links: 2, versionless: 2 });
  feeds.close();
});

test('openFeeds() with a file in the place of the cache reads all the same, keeps nothing and says so', async (t) => {
  const { feed, cache, built, open } = place(t);
  writeFileSync(join(feed, 'npm/GHSA-2026-0001.json'), osv('GHSA-2026-0001', '1.0.1'));
  writeFileSync(cache, 'a file');
  for (const times of [1, 2]) {
    const feeds = await open();
    assert.deepEqual([feeds.on(pad).length, feeds.notKeptIn, built.length], [1, cache, times * 2]);
    feeds.close();
  }
});

test('openFeeds() with a cache that is only read takes what is kept there, and reads the rest', async (t) => {
  const { feed, cache, built, later, open } = place(t);
  chmodSync(join(feed, '..'), 0o755);
  writeFileSync(join(feed, 'npm/GHSA-2026-0001.json'), osv('GHSA-2026-0001', '1.0.1'));
  (await open()).close();
  chmodSync(cache, 0o555);
  later(11);
  const kept = await asNobody(open);
  assert.deepEqual([kept.on(pad).length, kept.notKeptIn, built.length], [1, null, 2]);
  kept.close();
  writeFileSync(join(feed, 'npm/GHSA-2026-0002.json'), osv('GHSA-2026-0002', '2.0.0'));
  later(11);
  const anew = await asNobody(open);
  chmodSync(cache, 0o755);
  assert.deepEqual([anew.on(pad).length, anew.notKeptIn, built.length], [2, cache, 3]);
  anew.close();
});

test('openFeeds() takes folders one by one where they are few, and a feed with a folder for each package as one', async (t) => {
  for (const [folders, parts] of [
    [15, 16],
    [16, 1],
  ] as const) {
    const { feed, built, open } = place(t);
    for (let number = 0; number < folders; number += 1) {
      mkdirSync(join(feed, `p${number}`));
      writeFileSync(join(feed, `p${number}`, 'GHSA-0001.json'), osv(`GHSA-${number}`, '1.3.0', `p${number}`));
    }
    const feeds = await open();
    t.after(() => feeds.close());
    assert.deepEqual([feeds.records, feeds.parts.length], [folders, folders === 15 ? 15 : 1]);
    assert.equal(built.length, folders === 15 ? parts + 1 : parts);
  }
});
