import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { test } from 'node:test';
import { Failure } from '../../src/core/failure.ts';
import type { AdvisoryRecord } from '../../src/core/match/advisory.ts';
import { parseDebianTracker } from '../../src/formats/debian-tracker/parse-debian-tracker.ts';
import { parseNoticeList } from '../../src/formats/debian-tracker/parse-notice-list.ts';
import { parseFeedJson } from '../../src/formats/feed-json.ts';
import { parseFeedYaml } from '../../src/formats/feed-yaml.ts';
import { parseNvd } from '../../src/formats/nvd/parse-nvd.ts';
import { parseOpenvex } from '../../src/formats/openvex/parse-openvex.ts';
import { parseOsv } from '../../src/formats/osv/parse-osv.ts';
import { parseRubysec } from '../../src/formats/rubysec/parse-rubysec.ts';
import { parseRustsec } from '../../src/formats/rustsec/parse-rustsec.ts';
import { parseSecdb } from '../../src/formats/secdb/parse-secdb.ts';
import { fixtureFolder } from '../support/fixtures.ts';

const observedAt = Temporal.Instant.from('2026-03-01T10:00:00Z');

interface File {
  readonly name: string;
  readonly bytes: Uint8Array;
}

/** Files by their paths within an archive, in the order of their names. */
function filesIn(folder: string, pattern: string): readonly File[] {
  const names = globSync(pattern, { cwd: folder }).toSorted();
  return names.map((name) => ({ name, bytes: readFileSync(join(folder, name)) }));
}

/** What a reader makes of each file, and why it refuses some. */
function readAll<T>(files: readonly File[], read: (file: File) => T) {
  const records: T[] = [];
  const refused: string[] = [];
  for (const file of files) {
    try {
      records.push(read(file));
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      refused.push(`${basename(file.name)} ${error.detail.why}`);
    }
  }
  return { records, refused };
}

const osv = ({ name, bytes }: File): AdvisoryRecord => {
  const json = /\.ya?ml$/.test(name) ? parseFeedYaml(bytes, name) : parseFeedJson(bytes, name);
  return parseOsv(json, { name, source: 'osv', observedAt });
};

test('parseRustsec() reads all of RustSec', (t) => {
  const folder = fixtureFolder(t, 'advisories/rustsec');
  if (folder === undefined) return;
  const { records, refused } = readAll(filesIn(folder, '{crates,rust}/**/*.md'), ({ name, bytes }) =>
    parseRustsec(bytes, { name }),
  );
  assert.deepEqual(refused, []);
  assert.equal(records.length, 1225);
  const count = (kind: string) => records.filter(({ informational }) => informational === kind).length;
  assert.deepEqual([count('unmaintained'), count('unsound'), count('notice')], [267, 203, 6]);
  assert.equal(records.filter(({ affected }) => affected[0]?.package === 'pkg:generic/rust').length, 20);
  assert.equal(records.filter(({ malicious }) => malicious).length, 77);
  assert.equal(records.filter(({ withdrawn }) => withdrawn !== null).length, 13);
});

test('parseRubysec() reads all of ruby-advisory-db, each under its own id and source', (t) => {
  const folder = fixtureFolder(t, 'advisories/rubysec');
  if (folder === undefined) return;
  const { records, refused } = readAll(filesIn(folder, '{gems,rubies}/**/*.yml'), ({ name, bytes }) =>
    parseRubysec(parseFeedYaml(bytes, name), { name }),
  );
  assert.deepEqual(refused, []);
  assert.equal(new Set(records.map(({ id, source }) => `${id} ${source}`)).size, 1381);
  // They call every version patched or unaffected.
  const spared = records.filter(({ affected }) => affected.every(({ ranges }) => ranges.length === 0));
  assert.deepEqual(
    spared.map(({ id, source }) => `${source} ${id}`),
    ['rubysec ckeditor CVE-2021-32808', 'rubysec cron_parser CVE-2019-15224'],
  );
});

test('parseOsv() reads all of the Python advisories, also one of which an alias is none', (t) => {
  const folder = fixtureFolder(t, 'advisories/pypa');
  if (folder === undefined) return;
  const { records, refused } = readAll(filesIn(folder, 'vulns/**/*.yaml'), osv);
  assert.equal(records.length, 2661);
  assert.deepEqual(refused, []);
  const gitFirst = records
    .flatMap(({ affected }) => affected)
    .filter(({ ranges, fixCommits }) => ranges.length > 0 && fixCommits);
  assert.ok(gitFirst.length > 1_000, 'a range over commits never hides the others');
});

test('parseSecdb() reads all of the Alpine secdb of 2020', (t) => {
  const folder = fixtureFolder(t, 'advisories/alpine-secdb-2020');
  if (folder === undefined) return;
  const { records: lists, refused } = readAll(filesIn(folder, 'v*/*.yaml'), ({ name, bytes }) =>
    parseSecdb(parseFeedYaml(bytes, name), { name, observedAt }),
  );
  assert.deepEqual([lists.length, refused], [18, []]);
  assert.deepEqual(
    lists.flatMap(({ problems }) => problems),
    [],
  );
  assert.equal(new Set(lists.map(({ source }) => source)).size, 18);
  assert.equal(
    lists.reduce((sum, { records }) => sum + records.length, 0),
    11_454,
  );
});

test('parseNoticeList() reads all DSA and DLA but one line, whose version is none', (t) => {
  const folder = fixtureFolder(t, 'advisories/debian-dsa-dla-20230402');
  if (folder === undefined) return;
  const [dla, dsa] = filesIn(folder, 'data/{DSA,DLA}/list').map((file) => ({
    ...file,
    ...parseNoticeList(file.bytes, file),
  }));
  assert.ok(dla !== undefined && dsa !== undefined);
  assert.deepEqual([dla.records.length, dsa.records.length], [3534, 5406]);
  assert.deepEqual(dla.problems, []);
  assert.deepEqual(
    dsa.problems.map(({ detail }) => detail.at),
    ['data/DSA/list:17244:1'],
  );
  const begun = (bytes: Uint8Array) => new TextDecoder().decode(bytes).match(/^\[/gm)?.length;
  assert.deepEqual([begun(dla.bytes), begun(dsa.bytes)], [3534, 5406]);
});

test('parseOpenvex() reads all of VEX Hub', (t) => {
  const folder = fixtureFolder(t, 'advisories/vexhub');
  if (folder === undefined) return;
  const files = filesIn(folder, 'pkg/**/*.json').filter(({ name }) => !name.endsWith('manifest.json'));
  const { records: documents, refused } = readAll(files, ({ name, bytes }) =>
    parseOpenvex(parseFeedJson(bytes, name), { name }),
  );
  assert.deepEqual([documents.length, refused, documents.flatMap(({ problems }) => problems)], [59, [], []]);
  const records = documents.flatMap((document) => document.records);
  assert.equal(
    records.reduce((sum, { statements }) => sum + (statements?.length ?? 0), 0),
    15_304,
  );
});

test('parseOsv() reads all of OSS-Fuzz', { skip: process.env['SUTURE_LONG'] !== '1' && 'takes long' }, (t) => {
  const folder = fixtureFolder(t, 'advisories/oss-fuzz-vulns');
  if (folder === undefined) return;
  const { records, refused } = readAll(filesIn(folder, 'vulns/**/*.yaml'), osv);
  assert.deepEqual([records.length, refused], [4026, []]);
});

/** What vunnel made of the same input: `package version` by namespace and id. */
function fixedByVunnel(folder: string, pattern: string): ReadonlyMap<string, readonly string[]> {
  const fixed = new Map<string, readonly string[]>();
  for (const { bytes } of filesIn(folder, pattern)) {
    const { Name, NamespaceName, FixedIn } = JSON.parse(new TextDecoder().decode(bytes)).item.Vulnerability as Vunnel;
    fixed.set(`${NamespaceName} ${Name}`, FixedIn.map((each) => `${each.Name} ${each.Version}`).toSorted());
  }
  return fixed;
}

interface Vunnel {
  readonly Name: string;
  readonly NamespaceName: string;
  readonly FixedIn: readonly { readonly Name: string; readonly Version: string }[];
}

/** The same of ours: `0` for "not affected", `None` for "no fix". */
function fixedByUs(
  records: readonly AdvisoryRecord[],
  namespace: string,
  stream: string | null,
): ReadonlyMap<string, readonly string[]> {
  const fixed = new Map<string, readonly string[]>();
  for (const { id, affected } of records) {
    const told = affected
      .filter((each) => each.stream === stream)
      .map(({ package: purl, ranges, verdict }) => {
        const version = verdict === 'not-affected' ? '0' : (ranges[0]?.fixed ?? 'None');
        return `${purl.slice(purl.lastIndexOf('/') + 1)} ${version}`;
      });
    if (told.length > 0) fixed.set(`${namespace} ${id}`, told.toSorted());
  }
  return fixed;
}

test('parseSecdb() tells what vunnel tells of the same files, and refuses those of a closed licence', (t) => {
  const folder = fixtureFolder(t, 'vunnel-providers');
  if (folder === undefined) return;
  const inputs = (provider: string, pattern: string) =>
    filesIn(join(folder, 'vunnel-providers', provider), pattern).map(({ name, bytes }) =>
      parseSecdb(name.endsWith('.json') ? parseFeedJson(bytes, name) : parseFeedYaml(bytes, name), {
        name,
        observedAt,
      }),
    );
  const alpine = inputs('alpine', 'input/secdb/v3.15/*.yaml').flatMap(({ records }) => records);
  const expected = fixedByVunnel(join(folder, 'vunnel-providers/alpine'), 'snapshots/*/*.json');
  assert.equal(expected.size, 16);
  assert.deepEqual(fixedByUs(alpine, 'alpine:3.15', '3.15'), expected);
  assert.equal(alpine.length, 16);
  const minimos = inputs('minimos', 'input/secdb/*.json').flatMap(({ records }) => records);
  const told = fixedByVunnel(join(folder, 'vunnel-providers/minimos'), 'snapshots/*/*.json');
  assert.deepEqual(fixedByUs(minimos, 'minimos:rolling', null), told);
  for (const closed of ['wolfi', 'chainguard']) {
    assert.throws(() => inputs(closed, 'input/secdb/*.json'), { code: 'E0202' });
  }
});

test('parseDebianTracker() tells what vunnel and osv.dev tell of the same states', (t) => {
  const [vunnel, osvDev] = [fixtureFolder(t, 'vunnel-providers'), fixtureFolder(t, 'osv-dev')];
  if (vunnel === undefined || osvDev === undefined) return;
  const path = join(vunnel, 'vunnel-providers/debian');
  const read = (file: string) =>
    parseDebianTracker(parseFeedJson(readFileSync(file), file), { name: file, observedAt });
  const { records, problems } = read(join(path, 'input/debian.json'));
  assert.deepEqual(problems, []);
  for (const [namespace, stream] of [
    ['debian:10', '10'],
    ['debian:11', '11'],
    ['debian:12', '12'],
    ['debian:13', '13'],
    ['debian:unstable', 'sid'],
  ] as const) {
    const expected = fixedByVunnel(path, `snapshots/${namespace}/*.json`);
    for (const [key, told] of fixedByUs(records, namespace, stream)) assert.deepEqual(expected.get(key), told, key);
  }
  const mock = read(join(osvDev, 'osv-dev/debian/debian_security_tracker_mock.json'));
  assert.deepEqual([mock.records.length, mock.problems], [3, []]);
});

test("parseNvd() reads pages of NVD's own and keeps every score as NVD states it", (t) => {
  const [vunnel, osvDev] = [fixtureFolder(t, 'vunnel-providers'), fixtureFolder(t, 'osv-dev')];
  if (vunnel === undefined || osvDev === undefined) return;
  const files = [
    ...filesIn(join(vunnel, 'vunnel-providers/nvd'), '*.json'),
    ...filesIn(join(osvDev, 'osv-dev/nvdcve-2.0'), '*.json'),
  ];
  let read = 0;
  for (const file of files) {
    const { records, problems } = parseNvd(file.bytes, file);
    assert.deepEqual(problems, []);
    const { vulnerabilities } = JSON.parse(new TextDecoder().decode(file.bytes)) as NvdPage;
    for (const [index, { cve }] of vulnerabilities.entries()) {
      const stated = ['cvssMetricV40', 'cvssMetricV31', 'cvssMetricV30', 'cvssMetricV2'].flatMap(
        (key) => cve.metrics[key]?.map(({ cvssData }) => cvssData.baseScore) ?? [],
      );
      assert.deepEqual(
        records[index]?.severities.map(({ score }) => score),
        stated,
        cve.id,
      );
      assert.equal(records[index]?.cpe?.length ?? 0, cve.configurations?.length ?? 0);
    }
    read += records.length;
  }
  assert.equal(read, 62);
});

interface NvdPage {
  readonly vulnerabilities: readonly {
    readonly cve: {
      readonly id: string;
      readonly metrics: Readonly<Record<string, readonly { readonly cvssData: { readonly baseScore: number } }[]>>;
      readonly configurations?: readonly unknown[];
    };
  }[];
}

test("parseOsv() reads distributions' records of all kinds", (t) => {
  const folder = fixtureFolder(t, 'vunnel-providers');
  if (folder === undefined) return;
  const { records, refused } = readAll(
    filesIn(
      join(folder, 'vunnel-providers'),
      '{alma/osv-database,rocky/osv,ubuntu/osv,ubuntu/osv-esm-cases}/**/*.json',
    ),
    osv,
  );
  assert.deepEqual(refused, []);
  const byId = new Map(records.map((record) => [record.id, record]));
  assert.equal(byId.size, 17);
  const wayland = byId.get('UBUNTU-CVE-2021-3782');
  assert.deepEqual(wayland?.aliases, ['CVE-2021-3782']);
  assert.deepEqual(wayland?.affected[0]?.channel, 'pro');
  assert.deepEqual(byId.get('USN-5614-1')?.aliases, ['UBUNTU-CVE-2021-3782']);
  assert.deepEqual(byId.get('RLSA-2023:3220')?.affected[0], {
    package: 'pkg:rpm/rocky-linux/firefox',
    stream: '8',
    scheme: 'rpm',
    ranges: [{ introduced: '0', fixed: '0:102.11.0-2.el8_7', lastAffected: null }],
    versions: [],
  });
});

test("parseOsv() reads GitHub's advisories as they come out of GitHub's own form", (t) => {
  const folder = fixtureFolder(t, 'osv-schema');
  if (folder === undefined) return;
  const { records, refused } = readAll(filesIn(folder, 'osv-schema/ghsa-testdata/*.osv.json'), osv);
  assert.deepEqual([records.length, refused], [11, []]);
  assert.equal(records.filter(({ withdrawn }) => withdrawn !== null).length, 1);
});
