import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import type { AdvisoryRecord } from '../../src/core/match/advisory.ts';
import { flawsIn } from '../../src/core/match/flaws-in.ts';
import { memoryCache } from '../../src/factory/image/cache.ts';
import { readReference } from '../../src/factory/image/read-reference.ts';
import { parseFeedJson } from '../../src/formats/feed-json.ts';
import { parseOpenvex } from '../../src/formats/openvex/parse-openvex.ts';
import { parseOsv } from '../../src/formats/osv/parse-osv.ts';
import { readFolder } from '../../src/io/files/read-folder.ts';
import { listenRegistry, type ListeningRegistry } from '../../src/io/registry/listen.ts';
import { placesOf } from '../../src/wire/places.ts';
import { suture } from '../support/made-up-world.ts';
import { clientOf } from '../support/published-line.ts';

/** What the made-up world publishes, scanned by nothing but the feeds that it publishes beside. */

const evening = Temporal.Instant.from('2026-03-02T18:00:00Z');
let scratch = '';
let registry: ListeningRegistry | undefined;
const catalog = () => join(scratch, 'world/catalog');
const feeds = () => join(scratch, 'feeds');
before(async () => {
  scratch = mkdtempSync(join(tmpdir(), 'suture-feeds-'));
  const demo = await suture(['demo', '--exit', '--dir', join(scratch, 'world')]);
  assert.equal(demo.exitCode, 0, demo.err);
  registry = await listenRegistry({ folder: placesOf(catalog(), {}).registry, clock: () => evening, port: 0 });
});
after(async () => {
  await registry?.close();
  rmSync(scratch, { recursive: true, force: true });
});

test('suture feed write and check, twice the same', async () => {
  const write = () => suture(['--cwd', catalog(), 'feed', 'write', '--output', feeds()]);
  assert.equal((await write()).exitCode, 0);
  const index = readFileSync(join(feeds(), 'index.json'), 'utf8');
  assert.equal((await write()).exitCode, 0);
  assert.equal(readFileSync(join(feeds(), 'index.json'), 'utf8'), index);
  const check = await suture(['feed', 'check', feeds()]);
  assert.equal(check.exitCode, 0, check.out);
});

test('suture feed check: nothing that is a folder exits with the code for wrong input', async () => {
  assert.equal((await suture(['feed', 'check', join(scratch, 'nowhere')])).exitCode, 65);
});

for (const tag of ['1', 'kiosk']) {
  test(`hello:${tag}, pulled, has by our own feeds exactly the findings that are open in it`, async () => {
    assert.ok(registry);
    const material = await readReference(
      { repository: 'hello', reference: tag, architecture: 'amd64' },
      { registry: clientOf(registry.host), pulledLayers: memoryCache<never>(10) },
    );
    assert.equal(material?.contents.kind, 'read');
    if (material?.contents.kind !== 'read') return;
    const open = await openInBoard(`hello:${tag}`);
    const records = await osvRecords();
    const flaws = flawsIn(material.contents.inventory, byPackage(records));
    const found = records.filter(({ id }) => flaws.affected.has(id)).flatMap(({ aliases }) => aliases);
    assert.deepEqual(found.toSorted(), open);
    assert.deepEqual(await affectedByVex(material.image), open);
  });
}

test('suture feed write --as-of: before the fix the feeds said that it was open', async () => {
  const then = join(scratch, 'then');
  const { exitCode, err } = await suture([
    '--cwd',
    catalog(),
    'feed',
    'write',
    '--output',
    then,
    '--as-of',
    '2026-03-02T13:00:00Z',
  ]);
  assert.equal(exitCode, 0, err);
  const secdb = JSON.parse(readFileSync(join(then, 'secdb/security.json'), 'utf8')) as { packages: unknown[] };
  assert.deepEqual(secdb.packages, []);
  const record = readFileSync(join(then, 'osv/x_demo-CVE-2099-0001.json'), 'utf8');
  assert.ok(!record.includes('fixed'));
});

async function openInBoard(line: string): Promise<readonly string[]> {
  const { out } = await suture(['--cwd', catalog(), 'status', line, '--json']);
  const { items } = JSON.parse(out) as { items: { vulnerability: string; standing: string }[] };
  const open = ['waiting', 'on-track', 'overdue'];
  return items
    .filter(({ standing }) => open.includes(standing))
    .map(({ vulnerability }) => vulnerability)
    .toSorted();
}

async function osvRecords(): Promise<readonly AdvisoryRecord[]> {
  const records: AdvisoryRecord[] = [];
  for await (const { path, bytes } of readFolder(feeds())) {
    if (!/^osv\/.*\.json$/.test(path)) continue;
    records.push(parseOsv(parseFeedJson(bytes, path), { name: path, source: 'own', observedAt: evening }));
  }
  return records;
}

async function affectedByVex(digest: string): Promise<readonly string[]> {
  const path = `openvex/digests/${digest.replace(':', '-')}.openvex.json`;
  const { records } = parseOpenvex(parseFeedJson(readFileSync(join(feeds(), path)), path), { name: path });
  const open = ['affected', 'under_investigation'];
  return records
    .filter(({ statements = [] }) => statements.some(({ status }) => open.includes(status)))
    .map(({ id }) => id)
    .toSorted();
}

function byPackage(records: readonly AdvisoryRecord[]): ReadonlyMap<string, ReadonlyMap<string, AdvisoryRecord>> {
  const found = new Map<string, Map<string, AdvisoryRecord>>();
  for (const record of records) {
    for (const { package: about } of record.affected) {
      found.set(about, (found.get(about) ?? new Map<string, AdvisoryRecord>()).set(record.id, record));
    }
  }
  return found;
}
