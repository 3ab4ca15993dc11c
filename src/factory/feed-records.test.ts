import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { FeedKind } from '../core/catalog/catalog.ts';
import type { Fact } from '../core/fact.ts';
import type { AdvisoryRecord } from '../core/match/advisory.ts';
import { emptyKnownAdvisories, type KnownAdvisories, learnAdvisory } from '../core/match/known-advisories.ts';
import { feedKinds } from '../core/catalog/catalog.ts';
import { isFeedFile, itemBytesMax } from './feed-files.ts';
import { recordsOf } from './feed-records.ts';

const observedAt = Temporal.Instant.from('2026-03-01T10:00:00Z');

function read(kind: FeedKind, content: unknown, known = emptyKnownAdvisories(), name = 'item.json') {
  const bytes = Buffer.from(typeof content === 'string' ? content : JSON.stringify(content));
  return recordsOf(kind, { name, bytes, observedAt }, { known, complete: true }).records;
}

function learned(...records: readonly AdvisoryRecord[]): KnownAdvisories {
  const known = emptyKnownAdvisories();
  for (const [index, payload] of records.entries()) {
    learnAdvisory(known, { type: 'advisory-recorded', payload, seq: index + 1 } as unknown as Fact);
  }
  return known;
}

const shown = ({ id, source, withdrawn }: AdvisoryRecord) =>
  `${source}: ${id}${withdrawn === null ? '' : ' withdrawn'}`;

const notice = (...upstream: readonly string[]) => ({ id: 'DSA-1-1', modified: '2026-02-01T00:00:00Z', upstream });

test("recordsOf() tells a distribution's notice by flaw, and takes back what it says no more", () => {
  const first = read('osv', notice('CVE-2026-0001', 'CVE-2026-0002'));
  assert.deepEqual(first.map(shown), ['osv DSA-1-1: CVE-2026-0001', 'osv DSA-1-1: CVE-2026-0002']);
  const fewer = read('osv', notice('CVE-2026-0002', 'CVE-2026-0003'), learned(...first));
  assert.deepEqual(fewer.map(shown), [
    'osv DSA-1-1: CVE-2026-0002',
    'osv DSA-1-1: CVE-2026-0003',
    'osv DSA-1-1: CVE-2026-0001 withdrawn',
  ]);
});

test('recordsOf() takes back what it said of a notice when the notice changes between one flaw and several', () => {
  const one = read('osv', notice('CVE-2026-0001'));
  assert.deepEqual(one.map(shown), ['osv: DSA-1-1']);
  const several = read('osv', notice('CVE-2026-0001', 'CVE-2026-0002'), learned(...one));
  assert.deepEqual(several.map(shown), [
    'osv DSA-1-1: CVE-2026-0001',
    'osv DSA-1-1: CVE-2026-0002',
    'osv: DSA-1-1 withdrawn',
  ]);
  const again = read('osv', notice('CVE-2026-0001'), learned(...one, ...several));
  assert.deepEqual(again.map(shown), [
    'osv: DSA-1-1',
    'osv DSA-1-1: CVE-2026-0001 withdrawn',
    'osv DSA-1-1: CVE-2026-0002 withdrawn',
  ]);
});

const secdb = (...ids: readonly string[]) => ({
  distroversion: 'v3.20',
  reponame: 'main',
  urlprefix: 'https://dl-cdn.alpinelinux.org/alpine',
  packages: [{ pkg: { name: 'hello', secfixes: { '1-r0': ids } } }],
});

test('recordsOf() takes back what a list holds no more, but not by a list with broken entries', () => {
  const known = learned(...read('secdb', secdb('CVE-2026-0001', 'CVE-2026-0002')));
  const source = 'secdb alpine:v3.20 main';
  assert.deepEqual(read('secdb', secdb('CVE-2026-0002'), known).map(shown), [
    `${source}: CVE-2026-0002`,
    `${source}: CVE-2026-0001 withdrawn`,
  ]);
  assert.deepEqual(read('secdb', secdb('CVE-2026-0002', 'oops'), known).map(shown), [`${source}: CVE-2026-0002`]);
});

test('recordsOf() reads each kind of feed under its own name', () => {
  const osv = (id: string) => ({ id, modified: '2026-02-01T00:00:00Z' });
  const toml = '```toml\n[advisory]\nid = "RUSTSEC-2026-1"\npackage = "x"\ndate = "2026-01-01"\n[versions]\n```\n';
  const vex = {
    '@context': 'https://openvex.dev/ns/v0.2.0',
    '@id': 'https://vex.example/1',
    author: 'x',
    timestamp: '2026-02-01T00:00:00Z',
    statements: [{ vulnerability: { name: 'CVE-2026-1' }, status: 'fixed' }],
  };
  const rows: readonly [FeedKind, string, unknown, string][] = [
    ['osv', 'a.json', osv('X-1'), 'osv: X-1'],
    ['osv', 'a.yaml', 'id: X-1\nmodified: 2026-02-01T00:00:00Z\n', 'osv: X-1'],
    ['ghsa', 'a.json', osv('GHSA-1'), 'ghsa: GHSA-1'],
    ['govulndb', 'a.json', osv('GO-1'), 'govulndb: GO-1'],
    ['rustsec', 'a.md', toml, 'rustsec: RUSTSEC-2026-1'],
    ['rustsec', 'a.json', osv('RUSTSEC-2026-1'), 'rustsec: RUSTSEC-2026-1'],
    ['rubysec', 'a.yml', 'gem: x\ncve: 2026-0001\ndate: 2026-01-01\n', 'rubysec x: CVE-2026-0001'],
    ['pypa', 'a.yaml', 'id: PYSEC-2026-1\nmodified: 2026-02-01T00:00:00Z\n', 'pypa: PYSEC-2026-1'],
    ['secdb', 'main.json', secdb('CVE-2026-0001'), 'secdb alpine:v3.20 main: CVE-2026-0001'],
    ['debian', 'a.json', { x1: { 'CVE-2026-0001': { releases: {} } } }, 'debian: CVE-2026-0001'],
    ['dsa', 'list', '[01 Aug 2002] DSA-141 x - y\n\t{CVE-2002-1425}\n', 'dsa: DSA-141'],
    ['openvex', 'a.json', vex, 'openvex https://vex.example/1: CVE-2026-1'],
  ];
  for (const [kind, name, content, expected] of rows) {
    assert.deepEqual(read(kind, content, emptyKnownAdvisories(), name).map(shown), [expected], `${kind} ${name}`);
  }
});

test('isFeedFile() knows the items of a repository from what lies beside them', () => {
  const items: Readonly<Record<FeedKind, readonly string[]>> = {
    osv: ['a/GHSA-1.json', 'b.yaml'],
    ghsa: ['advisories/github-reviewed/2026/01/GHSA-aaaa-bbbb-cccc/GHSA-aaaa-bbbb-cccc.json'],
    govulndb: ['ID/GO-2026-0001.json', 'data/osv/GO-2026-0001.json'],
    rustsec: ['crates/x/RUSTSEC-2026-0001.md', 'rust/std/CVE-2026-0001.md', 'crates/RUSTSEC-2026-0001.json'],
    rubysec: ['gems/x/CVE-2026-0001.yml', 'gems/x/GHSA-aaaa-bbbb-cccc.yml', 'rubies/ruby/OSVDB-1.yml'],
    pypa: ['vulns/x/PYSEC-2026-1.yaml'],
    secdb: ['v3.20/main.json', 'v3.9/community.yaml'],
    debian: ['json', 'debian.json'].slice(1),
    dsa: ['data/DSA/list', 'data/DLA/list', 'DTSA.txt'],
    nvd: ['nvdcve-2.0-2026.json.gz', 'page.json'],
    openvex: ['pkg/golang/x/scan.openvex.json', 'vex.json'],
    kev: ['kev.json'],
    epss: ['epss.csv.gz', 'CVE_2021_EPSS.csv'],
  };
  for (const kind of feedKinds) for (const path of items[kind]) assert.ok(isFeedFile(kind, path), `${kind} ${path}`);
  const beside: readonly [FeedKind, string][] = [
    ['govulndb', 'index/modules.json'],
    ['govulndb', 'data/excluded/GO-2026-0001.yaml'],
    ['rustsec', 'README.md'],
    ['rubysec', '.github/workflows/ruby.yml'],
    ['dsa', 'data/CVE/list'],
    ['openvex', 'pkg/golang/x/manifest.json'],
    ['openvex', 'index.json'],
    ['epss', 'epss.json'],
  ];
  for (const [kind, path] of beside) assert.ok(!isFeedFile(kind, path), `${kind} ${path}`);
  assert.ok(itemBytesMax('debian') > itemBytesMax('osv'));
});
