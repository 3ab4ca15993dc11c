import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { feedWorld, of } from '../../../test/support/feed-world.ts';
import { matchesGolden } from '../../../test/support/golden.ts';
import type { AdvisoryRecord } from '../../core/match/advisory.ts';
import { flawsIn } from '../../core/match/flaws-in.ts';
import type { Inventory } from '../../core/match/inventory.ts';
import type { Standing } from '../../core/promise/standing.ts';
import { defaultComponent } from '../../formats/inventory/default-component.ts';
import { parseFeedJson } from '../../formats/feed-json.ts';
import { parseOpenvex } from '../../formats/openvex/parse-openvex.ts';
import { parseOsv } from '../../formats/osv/parse-osv.ts';
import { parseSecdb } from '../../formats/secdb/parse-secdb.ts';
import { checkFeed } from './check-feed.ts';
import type { FeedFile } from './feed-file.ts';
import { feedFiles } from './feed-files.ts';
import type { FeedWorld } from './feed-facts.ts';
import { entriesOf } from './vex-files.ts';

test('feedFiles() of a small world: golden', (t) => {
  const text = feedFiles(feedWorld())
    .filter(({ path }) => !path.endsWith('.zip'))
    .map(({ path, bytes }) => `== ${path}\n${new TextDecoder().decode(bytes)}`);
  matchesGolden(t, 'feeds.txt', text.join('\n'));
});

test('feedFiles() twice: the same bytes', () => {
  assert.deepEqual(feedFiles(feedWorld()), feedFiles(feedWorld()));
});

test('feedFiles() holds to what it says it checks', () => {
  assert.deepEqual(checkFeed(feedFiles(feedWorld())).problems, []);
});

test('feedFiles() read back as OSV: the open findings of our own image, no more and no fewer', () => {
  const world = feedWorld();
  const image = imageOf(world);
  const open = ['CVE-2026-1001', 'CVE-2026-1004'];
  assert.deepEqual(found(image.inventory, osvRecords(feedFiles(world))), open);
  assert.deepEqual(
    found(asPackages(image.inventory), osvRecords(feedFiles(world))),
    open,
    'by the package database alone',
  );
});

test('feedFiles() read back as OSV: a fix carried as a patch under the same upstream version', () => {
  const world = feedWorld();
  const image = imageOf(world);
  const components = image.inventory.components.map((each) => ({ ...each, patched: ['CVE-2026-1001'] }));
  assert.deepEqual(found({ ...image.inventory, components }, osvRecords(feedFiles(world))), ['CVE-2026-1004']);
});

test('feedFiles() read back as OSV: what is open names the release that fixes it, once there is one', () => {
  const records = osvRecords(feedFiles(feedWorld()));
  const fixedIn = (id: string) =>
    records
      .find(({ aliases }) => aliases.includes(id))
      ?.affected.find((each) => each.package === 'pkg:generic/hello')
      ?.ranges.map((range) => range.fixed);
  assert.deepEqual(fixedIn('CVE-2026-1001'), []);
  assert.deepEqual(fixedIn('CVE-2026-1004'), ['1.0.2']);
});

test('feedFiles() read back as secdb: the image before lacks what is fixed, under both names; 0 is not affected', () => {
  const file = feedFiles(feedWorld()).find(({ path }) => path === 'secdb/security.json');
  assert.ok(file);
  const { records, problems } = parseSecdb(parseFeedJson(file.bytes, file.path), {
    name: file.path,
    observedAt: feedWorld().at,
  });
  assert.deepEqual(problems, []);
  for (const name of ['hello', 'hello-1']) {
    const before = { ...imageOf(feedWorld()).inventory.packages[0], name, origin: name, version: '1.0.0-r0' };
    const inventory = asPackages({ packages: [before as Inventory['packages'][number]], components: [] });
    assert.deepEqual(found(inventory, records), ['CVE-2026-1002'], name);
  }
  const verdicts = records.filter(({ id }) => id === 'CVE-2026-1003').flatMap(({ affected }) => affected);
  assert.deepEqual(new Set(verdicts.map(({ verdict }) => verdict)), new Set(['not-affected']));
});

test('feedFiles() of a line on Debian: our deb by its versions alone, and what is taken over only in VEX', () => {
  const files = feedFiles(feedWorld());
  const about = osvRecords(files).find(({ aliases }) => aliases.includes('CVE-2026-2001'));
  assert.deepEqual(
    about?.affected.map((each) => [each.package, each.versions, each.ranges]),
    [
      ['pkg:deb/debian/curl', ['8.15.0-1suture1'], []],
      ['pkg:generic/curl', ['3.0.17'], []],
    ],
  );
  assert.ok(!osvRecords(files).some(({ aliases }) => aliases.includes('CVE-2026-2002')));
  const vex = files.find(({ path }) => path === 'openvex/lines/curl-8.openvex.json');
  assert.ok(vex);
  const { records } = parseOpenvex(parseFeedJson(vex.bytes, vex.path), { name: vex.path });
  assert.deepEqual(
    records.map(({ id }) => id),
    ['CVE-2026-2001', 'CVE-2026-2002'],
  );
});

test('entriesOf() has each obligation in exactly one state, whatever they are', () => {
  const standing = fc.constantFrom<Standing>(
    ...(['waiting', 'on-track', 'overdue', 'met', 'missed', 'fixed-early', 'not-affected', 'excluded'] as const),
    'not-covered',
  );
  const many = fc.uniqueArray(fc.record({ number: fc.nat(9999), standing }), { selector: (one) => one.number });
  fc.assert(
    fc.property(many, fc.constantFrom('amd64' as const, 'arm64' as const, null), (sketches, architecture) => {
      const obligations = sketches.map((one) =>
        of(`CVE-2026-${one.number}`, one.standing, one.standing === 'met' ? { t1: '2026-08-01T10:00:01Z' } : {}),
      );
      const [line] = feedWorld({ obligations }).lines;
      assert.ok(line);
      const stated = entriesOf(line, { architecture, at: feedWorld().at }).map((entry) => entry.vulnerability);
      assert.deepEqual(stated.toSorted(), obligations.map((one) => one.vulnerability).toSorted());
    }),
  );
});

test('entriesOf() is fixed: open for the line, and gone from this architecture', () => {
  const open = of('CVE-2026-1001', 'on-track', { t0: '2026-08-02T09:00:00Z' });
  const [claim] = open.claims;
  assert.ok(claim);
  const architectures = claim.architectures.map((each) =>
    each.architecture === 'arm64'
      ? { ...each, exposures: each.exposures.map((one) => ({ ...one, to: feedWorld().at })) }
      : each,
  );
  const [line] = feedWorld({ obligations: [{ ...open, claims: [{ ...claim, architectures }] }] }).lines;
  assert.ok(line);
  const { at } = feedWorld();
  assert.equal(entriesOf(line, { architecture: 'amd64', at })[0]?.status, 'affected');
  assert.equal(entriesOf(line, { architecture: 'arm64', at })[0]?.status, 'fixed');
  assert.equal(entriesOf(line, { architecture: null, at })[0]?.status, 'affected');
});

function imageOf(world: FeedWorld) {
  const image = world.lines[0]?.images[0];
  assert.ok(image);
  return image;
}

function osvRecords(files: readonly FeedFile[]): readonly AdvisoryRecord[] {
  return files
    .filter(({ path }) => path.startsWith('osv/') && path.endsWith('.json'))
    .map(({ path, bytes }) =>
      parseOsv(parseFeedJson(bytes, path), { name: path, source: 'own', observedAt: feedWorld().at }),
    );
}

/** As a scanner sees it that reads the package database and nothing inside. */
function asPackages({ packages }: Inventory): Inventory {
  const distribution = { format: 'apk', id: 'suture', release: null } as const;
  return { packages, components: packages.map((one) => defaultComponent(one, distribution)) };
}

/** Ids of vulnerabilities that our matcher finds with these records alone. */
function found(inventory: Inventory, records: readonly AdvisoryRecord[]): readonly string[] {
  const byPackage = new Map<string, Map<string, AdvisoryRecord>>();
  for (const record of records) {
    for (const { package: about } of record.affected) {
      byPackage.set(about, (byPackage.get(about) ?? new Map<string, AdvisoryRecord>()).set(record.id, record));
    }
  }
  const flaws = [...flawsIn(inventory, byPackage).affected].map((id) => records.find((record) => record.id === id));
  const names = flaws.flatMap((record) => [record?.id ?? '', ...(record?.aliases ?? [])]);
  return names.filter((name) => name.startsWith('CVE-')).toSorted();
}
