import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Failure } from '../../core/failure.ts';
import { idsInEntry } from './ids-in-entry.ts';
import { parseSecdb } from './parse-secdb.ts';

const observedAt = Temporal.Instant.from('2026-03-01T10:00:00Z');
const origin = { name: 'v3.20/main.json', observedAt };

const secdb = (secfixes: object, over: object = {}) => ({
  distroversion: 'v3.20',
  reponame: 'main',
  urlprefix: 'https://dl-cdn.alpinelinux.org/alpine',
  packages: [{ pkg: { name: 'hello', secfixes } }],
  ...over,
});

const fixedIn = (secfixes: object) =>
  parseSecdb(secdb(secfixes), origin).records.map(({ id, affected }) => [
    id,
    affected[0]?.ranges.map(({ fixed }) => fixed),
  ]);

test('parseSecdb() tells what an origin has fixed in a release and repository', () => {
  const { records, source, problems } = parseSecdb(secdb({ '1.2.3-r0': ['CVE-2026-0001'] }), origin);
  assert.deepEqual([source, problems], ['secdb alpine:v3.20 main', []]);
  assert.deepEqual(records, [
    {
      id: 'CVE-2026-0001',
      source,
      aliases: [],
      summary: '',
      published: null,
      modified: '2026-03-01T10:00:00Z',
      withdrawn: null,
      severities: [],
      affected: [
        {
          package: 'pkg:apk/alpine/hello',
          stream: '3.20',
          scheme: 'apk',
          ranges: [{ introduced: '0', fixed: '1.2.3-r0', lastAffected: null }],
          versions: [],
        },
      ],
      exploitedSince: null,
      epss: null,
      malicious: false,
    },
  ]);
});

test('parseSecdb() takes the highest of several versions, in whatever order they stand', () => {
  const id = ['CVE-2026-0001'];
  assert.deepEqual(fixedIn({ '1.10-r0': id, '1.9-r0': id, '1.2-r5': id }), [['CVE-2026-0001', ['1.10-r0']]]);
  assert.deepEqual(fixedIn({ '1.9-r0': id, '0': id }), [['CVE-2026-0001', ['1.9-r0']]]);
  // what is no version of apk is compared with nothing: both stay
  assert.deepEqual(fixedIn({ '1.9-r0': id, '2.7.16-33': id }), [['CVE-2026-0001', ['1.9-r0', '2.7.16-33']]]);
});

test('parseSecdb() takes version 0 for "never was affected"', () => {
  const [record] = parseSecdb(secdb({ '0': ['CVE-2026-0001'] }), origin).records;
  assert.deepEqual([record?.affected[0]?.verdict, record?.affected[0]?.ranges], ['not-affected', []]);
});

test('parseSecdb() tells one flaw of several packages in one record', () => {
  const pkg = (name: string, version: string) => ({ pkg: { name, secfixes: { [version]: ['CVE-2026-0001'] } } });
  const { records } = parseSecdb(secdb({}, { packages: [pkg('xen', '4-r0'), pkg('qemu', '9-r0')] }), origin);
  assert.deepEqual(
    records[0]?.affected.map((each) => each.package),
    ['pkg:apk/alpine/xen', 'pkg:apk/alpine/qemu'],
  );
});

test('parseSecdb() gives another name in an entry to its flaw, unless it names several', () => {
  const entries = [
    'CVE-2026-0001 XSA-1',
    'CVE-2026-0002  XSA-2 (partly)',
    'CVE-2026-0003 XSA-2',
    'XSA-4',
    'CVE-2026-0005 CVE-2026-0006 XSA-5',
  ];
  const { records } = parseSecdb(secdb({ '1-r0': entries }), origin);
  assert.deepEqual(
    records.map(({ id, aliases }) => [id, ...aliases]),
    [['CVE-2026-0001', 'XSA-1'], ['CVE-2026-0002'], ['CVE-2026-0003'], ['XSA-4'], ['CVE-2026-0005'], ['CVE-2026-0006']],
  );
});

test('parseSecdb() passes over what it cannot use and reads the rest', () => {
  const packages = [
    { pkg: { name: 'a b' } },
    { pkg: { name: 'ok', secfixes: { '1-r0': ['fixed', 'CVE-2026-0001'], '2-r0': null } } },
    { pkg: { name: 'empty', secfixes: null } },
  ];
  const { records, problems } = parseSecdb(secdb({}, { packages }), origin);
  assert.deepEqual(
    [records.length, problems.map(({ detail }) => detail.at)],
    [1, ['v3.20/main.json: packages[0]', 'v3.20/main.json: ok 1-r0']],
  );
});

test('parseSecdb() refuses other files, unknown distributions, and those whose licence forbids the use', () => {
  const rows: readonly [unknown, RegExp][] = [
    [[], /no secdb/],
    [secdb({}, { urlprefix: 'https://packages.example' }), /"packages.example"/],
    [secdb({}, { urlprefix: 'https://packages.wolfi.dev' }), /licence/],
    [secdb({}, { urlprefix: 'https://apk.cgr.dev/x' }), /licence/],
    [secdb({}, { urlprefix: 'https://alpinelinux.org.example/' }), /no distribution is known/],
  ];
  for (const [content, why] of rows) {
    assert.throws(
      () => parseSecdb(content, origin),
      (error) => error instanceof Failure && error.code === 'E0202' && why.test(error.detail.why ?? ''),
    );
  }
});

test('idsInEntry() reads what people write by hand', () => {
  const rows: readonly [string, string][] = [
    ['CVE-2019-0001', 'CVE-2019-0001 |'],
    [' CVE_2019-2426', 'CVE-2019-2426 |'],
    ['CVE 2018-16859', 'CVE-2018-16859 |'],
    ['CVE-2017-17434-1', 'CVE-2017-17434 |'],
    ['CVE-2017-17434.patch', 'CVE-2017-17434 |'],
    ['CVE-????-?????  XSA-123', '| XSA-123'],
    ['CVE-2018-16301 (was fixed in libpcap)', 'CVE-2018-16301 |'],
    ['CVE-2017-5715 CVE-2017-5753 XSA-254 XPTI', 'CVE-2017-5715 CVE-2017-5753 | XSA-254'],
    ['CVE-2017-14450 TALOS-2017-0499', 'CVE-2017-14450 | TALOS-2017-0499'],
    ['wnpa-sec-2019-01', '| wnpa-sec-2019-01'],
    ['GHSA-h4j5-c7cj-74xg', '| GHSA-h4j5-c7cj-74xg'],
    ['nothing to see', '|'],
  ];
  for (const [entry, expected] of rows) {
    const { cves, others } = idsInEntry(entry);
    assert.equal([...cves, '|', ...others].join(' '), expected, entry);
  }
});
