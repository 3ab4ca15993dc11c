import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import fc from 'fast-check';
import { zipOf } from '../../../test/support/zip.ts';
import type { Component } from '../../core/match/inventory.ts';
import { findingsIn } from '../../core/scan/findings-in.ts';
import { defaultPolicy } from '../../core/promise/policy.ts';
import { component } from '../../../test/support/literal-scan.ts';
import { openFeeds } from './open-feeds.ts';

interface Said {
  readonly id: number;
  readonly name: string;
  readonly introduced: number;
  readonly fixed: number;
  readonly withdrawn: boolean;
  readonly aliases: readonly number[];
}

const said: fc.Arbitrary<Said> = fc.record({
  id: fc.nat(40),
  name: fc.constantFrom('left-pad', 'right-pad', 'tool'),
  introduced: fc.nat(3),
  fixed: fc.nat(6),
  withdrawn: fc.constantFrom(false, false, false, true),
  aliases: fc.array(fc.nat(8), { maxLength: 1 }),
});
const content = fc.oneof(
  { weight: 8, arbitrary: said.map(osv) },
  { weight: 1, arbitrary: fc.array(fc.nat(8), { minLength: 1, maxLength: 3 }).map(kev) },
  { weight: 1, arbitrary: fc.constant('{"id": ') },
);
/** In the folder, deeper in it, in a zip of it. */
const place = fc.tuple(fc.constantFrom('', 'deep/', 'deep.zip!', 'all.zip!'), fc.nat(14));
const change = fc.record({ place, content: fc.option(content, { nil: null, freq: 3 }) });
const start = fc.array(fc.record({ place, content }), { minLength: 30, maxLength: 45 });
const steps = fc.array(fc.array(change, { minLength: 1, maxLength: 3 }), { minLength: 1, maxLength: 4 });

function osv({ id, name, introduced, fixed, withdrawn, aliases }: Said): string {
  const events = [{ introduced: `${introduced}.0.0` }, { fixed: `${fixed}.0.0` }];
  const date = `2026-02-${String((id % 20) + 1).padStart(2, '0')}T00:00:00Z`;
  return JSON.stringify({
    id: `GHSA-${id}`,
    modified: date,
    ...(withdrawn ? { withdrawn: date } : {}),
    aliases: aliases.map((alias) => `CVE-2026-000${alias}`),
    affected: [
      { package: { ecosystem: id % 7 === 0 ? 'PyPI' : 'npm', name }, ranges: [{ type: 'ECOSYSTEM', events }] },
    ],
  });
}

function kev(numbers: readonly number[]): string {
  return JSON.stringify({
    catalogVersion: '2026.02.01',
    dateReleased: '2026-02-01T00:00:00Z',
    vulnerabilities: numbers.map((number) => ({ cveID: `CVE-2026-000${number}`, dateAdded: '2026-01-15' })),
  });
}

type Files = Map<string, string>;

function placeOf([where, number]: readonly [string, number]): string {
  return `${where}GHSA-file-${number}.json`;
}

function write(feed: string, files: Files): void {
  rmSync(feed, { recursive: true, force: true });
  mkdirSync(join(feed, 'osv/deep'), { recursive: true });
  const zips: Record<string, Record<string, string>> = {};
  for (const [name, text] of files) {
    const [zip = '', member] = name.split('!');
    if (member === undefined) writeFileSync(join(feed, 'osv', name), text);
    else zips[zip] = { ...zips[zip], [member]: text };
  }
  for (const [name, members] of Object.entries(zips)) writeFileSync(join(feed, 'osv', name), zipOf(members));
}

/** Only what differs is touched, as git does. */
function update(feed: string, before: Files, after: Files): void {
  const zips = new Set<string>();
  for (const name of new Set([...before.keys(), ...after.keys()])) {
    const text = after.get(name);
    if (before.get(name) === text) continue;
    const [zip = '', member] = name.split('!');
    if (member !== undefined) zips.add(zip);
    else if (text === undefined) rmSync(join(feed, 'osv', name));
    else writeFileSync(join(feed, 'osv', name), text);
  }
  for (const zip of zips) {
    const members = [...after].filter(([name]) => name.startsWith(`${zip}!`));
    const packed = zipOf(Object.fromEntries(members.map(([name, text]) => [name.slice(zip.length + 1), text])));
    if (members.length === 0) rmSync(join(feed, 'osv', zip));
    else writeFileSync(join(feed, 'osv', zip), packed);
  }
}

const components: readonly Component[] = ['left-pad', 'right-pad', 'tool'].flatMap((name) =>
  [0, 1, 2, 3, 4, 5].map((major) => component(`pkg:npm/${name}@${major}.0.0`, { stream: String(major) })),
);

/** Everything that a scan can learn of feeds, in its order. */
async function told(feed: string, cache: string): Promise<unknown> {
  const feeds = await openFeeds([feed], {
    cache,
    now: () => Temporal.Instant.from('2026-03-01T10:00:00Z'),
    onBuild: () => {},
  });
  try {
    const { records, broken, problems, newestModified, statements, passedOver, ecosystems, parts } = feeds;
    return {
      on: components.map((each) => feeds.on(each)),
      about: components.map((each) => feeds.about(each)),
      named: Array.from({ length: 9 }, (_, number) => feeds.named(`CVE-2026-000${number}`)),
      found: findingsIn({ packages: [], components }, feeds, { policy: defaultPolicy, options: {} }),
      sums: {
        records,
        broken,
        problems,
        newestModified,
        statements,
        passedOver,
        parts,
        ecosystems: [...ecosystems].toSorted(),
      },
    };
  } finally {
    feeds.close();
  }
}

function layersIn(cache: string): readonly string[] {
  const folders = readdirSync(cache).filter((name) => !name.endsWith('.json'));
  return folders.filter((name) => {
    const about = JSON.parse(readFileSync(join(cache, name, 'about.json'), 'utf8')) as { readonly over: unknown };
    return about.over !== null;
  });
}

function withFolder<T>(work: (folder: string) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 'suture-layers-'));
  return work(folder).finally(() => rmSync(folder, { recursive: true, force: true }));
}

test('openFeeds() tells of files that changed, came and went what it tells when all are read anew', async () => {
  let layers = 0;
  await fc.assert(
    fc.asyncProperty(start, steps, (first, later) =>
      withFolder(async (folder) => {
        const [feed, cache] = [join(folder, 'feed'), join(folder, 'cache')];
        let files: Files = new Map(first.map((each) => [placeOf(each.place), each.content]));
        write(feed, files);
        await told(feed, cache);
        for (const [step, changes] of later.entries()) {
          const after: Files = new Map(files);
          for (const each of changes) {
            if (each.content === null) after.delete(placeOf(each.place));
            else after.set(placeOf(each.place), each.content);
          }
          update(feed, files, after);
          files = after;
          const kept = await told(feed, cache);
          layers += layersIn(cache).length;
          assert.deepEqual(kept, await told(feed, join(folder, `fresh-${step}`)));
        }
      }),
    ),
    { numRuns: process.env['SUTURE_LONG'] === '1' ? 2000 : 12 },
  );
  assert.ok(layers > 5, `${layers} times a layer was laid over`);
});

/** A feed of which a small part changed since it was read, as it is told when all is read anew. */
async function changedFeed(folder: string) {
  const [feed, cache] = [join(folder, 'feed'), join(folder, 'cache')];
  const files: Files = new Map(
    Array.from({ length: 20 }, (_, id) => [
      `GHSA-${id}.json`,
      osv({ id, name: 'tool', introduced: 0, fixed: 5, withdrawn: false, aliases: [] }),
    ]),
  );
  write(feed, files);
  await told(feed, cache);
  const later = new Map(files);
  later.set('GHSA-3.json', osv({ id: 3, name: 'tool', introduced: 0, fixed: 2, withdrawn: true, aliases: [] }));
  later.delete('GHSA-4.json');
  update(feed, files, later);
  return { feed, cache, expected: await told(feed, join(folder, 'fresh')) };
}

for (const point of [1, 2, 3]) {
  test(`openFeeds() killed after durable write ${point} of a layer tells the same when it is started again`, () =>
    withFolder(async (folder) => {
      const { feed, cache, expected } = await changedFeed(folder);
      const script = `
        const { openFeeds } = await import(${JSON.stringify(new URL('./open-feeds.ts', import.meta.url).href)});
        const now = () => Temporal.Instant.from('2026-03-01T10:00:00Z');
        await openFeeds([${JSON.stringify(feed)}], { cache: ${JSON.stringify(cache)}, now, onBuild: () => {} });`;
      const { signal } = spawnSync(process.execPath, ['--input-type=module', '-e', script], {
        env: { ...process.env, SUTURE_CRASH_AT: String(point) },
      });
      assert.equal(signal, 'SIGKILL');
      for (const name of readdirSync(cache).filter((each) => each.startsWith('.'))) utimesSync(join(cache, name), 1, 1);
      assert.deepEqual(await told(feed, cache), expected);
      assert.equal(layersIn(cache).length, 1);
    }));
}

for (const file of ['index', 'about.json', 'epss', 'records.jsonl', 'offsets', 'ids', 'files.json', 'seal']) {
  test(`openFeeds() makes a layer again in whose ${file} one byte is another`, () =>
    withFolder(async (folder) => {
      const { feed, cache, expected } = await changedFeed(folder);
      await told(feed, cache);
      const [layer = ''] = layersIn(cache);
      const path = join(cache, layer, file);
      const bytes = readFileSync(path);
      const at = bytes.length >> 1;
      writeFileSync(
        path,
        Buffer.concat([bytes.subarray(0, at), Buffer.from([(bytes[at] ?? 0) ^ 1]), bytes.subarray(at + 1)]),
      );
      assert.deepEqual(await told(feed, cache), expected);
      assert.deepEqual(layersIn(cache), [layer]);
    }));
}

test('openFeeds() reads all anew where the base is gone, and when more than an eighth has changed', () =>
  withFolder(async (folder) => {
    const { feed, cache, expected } = await changedFeed(folder);
    await told(feed, cache);
    const [layer = ''] = layersIn(cache);
    const [key = ''] = layer.split('-');
    const base = readdirSync(cache).find((name) => name.startsWith(`${key}-`) && name !== layer) ?? '';
    rmSync(join(cache, base), { recursive: true });
    assert.deepEqual(await told(feed, cache), expected);
    assert.deepEqual(layersIn(cache), []);
    const isLaidOver: boolean[] = [];
    for (const count of [2, 3]) {
      for (let id = 10; id < 10 + count; id += 1) {
        const text = osv({ id, name: 'tool', introduced: 0, fixed: count, withdrawn: false, aliases: [] });
        writeFileSync(join(feed, `osv/GHSA-${id}.json`), text);
      }
      await told(feed, cache);
      isLaidOver.push(layersIn(cache).length === 1);
    }
    // 19 files: two are less than an eighth of them, three are more.
    assert.deepEqual(isLaidOver, [true, false]);
  }));

test('openFeeds() tells a zip that is cut off as one problem, and lays nothing over what could not be read', () =>
  withFolder(async (folder) => {
    const { feed, cache } = await changedFeed(folder);
    const member = osv({ id: 30, name: 'tool', introduced: 0, fixed: 5, withdrawn: false, aliases: [] });
    writeFileSync(join(feed, 'osv/all.zip'), zipOf({ 'GHSA-30.json': member }).subarray(0, -30));
    const kept = await told(feed, cache);
    assert.deepEqual(kept, await told(feed, join(folder, 'fresh-zip')));
    assert.match(JSON.stringify(kept), /"records":19,"broken":1/);
    assert.deepEqual(layersIn(cache), []);
  }));
