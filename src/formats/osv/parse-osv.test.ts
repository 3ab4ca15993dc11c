import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { Failure } from '../../core/failure.ts';
import { verdictOf } from '../../core/match/match.ts';
import { canonicalJson } from '../../core/ledger/canonical-json.ts';
import { parseFeedJson } from '../feed-json.ts';
import { parseOsv } from './parse-osv.ts';

const observedAt = Temporal.Instant.from('2026-03-01T10:00:00Z');
const origin = { name: 'feed/GHSA-aaaa.json', source: 'osv', observedAt };
const COMMIT = '0123456789abcdef0123456789abcdef01234567';

const full = {
  schema_version: '1.7.5',
  id: 'GHSA-aaaa-bbbb-cccc',
  modified: '2026-02-28T12:00:00.5Z',
  published: '2026-02-27T12:00:00Z',
  aliases: ['CVE-2026-0001', 'GHSA-aaaa-bbbb-cccc'],
  related: ['CVE-2020-0001'],
  upstream: ['CVE-2021-0001'],
  summary: 'Reads past the end',
  details: 'Long story',
  severity: [
    { type: 'CVSS_V3', score: 'CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H' },
    { type: 'CVSS_V4', score: 'CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:N/SI:N/SA:N' },
  ],
  affected: [
    {
      package: { ecosystem: 'npm', name: '@x/hello' },
      ranges: [
        { type: 'GIT', repo: 'https://git.example/hello', events: [{ introduced: '0' }, { fixed: COMMIT }] },
        { type: 'SEMVER', events: [{ introduced: '0' }, { fixed: '1.0.1' }] },
        { type: 'SOMETHING-NEW', events: [{ introduced: '0' }] },
      ],
      versions: ['1.0.0'],
    },
    { ranges: [{ type: 'GIT', repo: 'https://git.example/hello', events: [{ introduced: '0' }] }] },
  ],
  database_specific: { severity: 'MODERATE', cwe_ids: ['CWE-125'] },
};

test('parseOsv() reads a record in our words; a range over commits is passed over, and what closes it is kept', () => {
  assert.deepEqual(parseOsv(full, origin), {
    id: 'GHSA-aaaa-bbbb-cccc',
    source: 'osv',
    aliases: ['CVE-2026-0001'],
    upstream: ['CVE-2021-0001'],
    summary: 'Reads past the end',
    published: '2026-02-27T12:00:00Z',
    modified: '2026-02-28T12:00:00.5Z',
    withdrawn: null,
    severities: [
      {
        source: 'ghsa',
        type: 'CVSS_V3.1',
        vector: 'CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H',
        score: 9.8,
        level: 'critical',
      },
      {
        source: 'ghsa',
        type: 'CVSS_V4',
        vector: 'CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:N/SI:N/SA:N',
        score: 9.3,
        level: 'critical',
      },
      { source: 'ghsa', type: 'label', vector: null, score: null, level: 'medium' },
    ],
    affected: [
      {
        package: 'pkg:npm/%40x/hello',
        stream: null,
        scheme: 'semver',
        ranges: [{ introduced: '0', fixed: '1.0.1', lastAffected: null }],
        versions: ['1.0.0'],
        fixCommits: [{ repository: 'https://git.example/hello', commit: COMMIT, merged: true }],
        unreadRanges: 1,
      },
    ],
    exploitedSince: null,
    epss: null,
    malicious: false,
  });
});

const minimal = { id: 'X-1', modified: '2026-02-28T12:00:00Z' };

test('parseOsv() names who rates by whose record it is, and keeps every rating, a word beside a score as well', () => {
  const rated = (over: object) => parseOsv({ ...minimal, ...over }, origin).severities;
  const v2 = [{ type: 'CVSS_V2', score: 'AV:N/AC:L/Au:N/C:C/I:C/A:C' }];
  assert.deepEqual(rated({ id: 'CVE-2026-1', severity: v2 })[0], {
    source: 'nvd',
    type: 'CVSS_V2',
    vector: 'AV:N/AC:L/Au:N/C:C/I:C/A:C',
    score: 10,
    level: 'high',
  });
  assert.equal(rated({ id: 'CVE-2026-1', severity: v2, database_specific: { cna_assigner: 'x' } })[0]?.source, 'cna');
  assert.equal(rated({ id: 'PYSEC-1', severity: v2 })[0]?.source, 'vendor');
  const word = { database_specific: { severity: 'MODERATE' } };
  const label = { source: 'ghsa', type: 'label', vector: null, score: null, level: 'medium' };
  assert.deepEqual(rated({ id: 'GHSA-1', ...word }), [label]);
  assert.deepEqual(rated({ id: 'GHSA-1', ...word, severity: v2 }).length, 2);
  const reviewed = { severity: 'LOW', github_reviewed: true, github_reviewed_at: '2026-01-02T03:04:05Z' };
  assert.deepEqual(rated({ id: 'GHSA-1', database_specific: reviewed }), [
    { source: 'ghsa', type: 'label', vector: null, score: null, level: 'low', ratedAt: '2026-01-02T03:04:05Z' },
  ]);
  const [copied] = rated({ id: 'GHSA-1', severity: v2, database_specific: { github_reviewed: false } });
  assert.deepEqual([copied?.source, copied?.provider], ['nvd', 'github']);
  const [debian] = rated({ id: 'DEBIAN-CVE-2026-1', severity: v2 });
  assert.deepEqual([debian?.source, debian?.provider], ['vendor', 'debian']);
  assert.deepEqual(rated({ severity: [{ type: 'CVSS_V3', score: 'CVSS:3.1/AV:N' }] }), []);
  assert.deepEqual(rated({ affected: [{ severity: [{ type: 'Ubuntu', score: 'negligible' }] }] })[0]?.level, 'low');
});

test('parseOsv() calls malicious what is in the malicious packages repository or embeds malicious code', () => {
  assert.equal(parseOsv({ ...minimal, id: 'MAL-2026-1' }, origin).malicious, true);
  assert.equal(parseOsv({ ...minimal, database_specific: { cwe_ids: ['CWE-506'] } }, origin).malicious, true);
  assert.equal(parseOsv(minimal, origin).malicious, false);
});

test('parseOsv() reads our own hints: the stream that is meant, and where upstream fixed it', () => {
  const record = {
    ...minimal,
    affected: [
      {
        package: { ecosystem: '', name: 'hello', purl: 'pkg:generic/hello' },
        ranges: [{ type: 'SEMVER', events: [{ introduced: '0' }] }],
        database_specific: { suture: { stream: '1.0', 'upstream-commit': COMMIT, merged: true } },
      },
    ],
  };
  const [affected] = parseOsv(record, origin).affected;
  assert.equal(affected?.stream, '1.0');
  assert.equal(affected?.scheme, 'semver');
  assert.deepEqual(affected?.fixCommits, [{ repository: null, commit: COMMIT, merged: true }]);
});

const affectedBy = (affected: readonly object[], over: object = {}) =>
  parseOsv({ ...minimal, affected, ...over }, origin).affected;

test("parseOsv() gives the flaw as another name of a distribution's record of it, and no other upstream", () => {
  const names = (over: object) => {
    const { id, aliases, upstream } = parseOsv({ ...minimal, ...over }, origin);
    return { id, aliases, upstream };
  };
  const one = { id: 'ALPINE-CVE-2026-1', upstream: ['CVE-2026-1'] };
  assert.deepEqual(names(one), { id: one.id, aliases: ['CVE-2026-1'], upstream: undefined });
  const several = { id: 'USN-1-1', upstream: ['CVE-2026-1', 'CVE-2026-2', 'USN-1-1'], related: ['CVE-2026-3'] };
  assert.deepEqual(names(several), { id: 'USN-1-1', aliases: [], upstream: ['CVE-2026-1', 'CVE-2026-2'] });
  const vendored = { id: 'GHSA-1', aliases: ['CVE-2026-2', 'CVE-2026-2'], upstream: ['CVE-2026-1'] };
  assert.deepEqual(names(vendored), { id: 'GHSA-1', aliases: ['CVE-2026-2'], upstream: ['CVE-2026-1'] });
});

test('parseOsv() goes on behind a range over commits and counts ranges whose order nobody knows', () => {
  const git = { type: 'GIT', repo: 'https://git.example/x', events: [{ introduced: '0' }] };
  const ordered = { type: 'ECOSYSTEM', events: [{ introduced: '0' }, { fixed: '2.0' }] };
  const [known] = affectedBy([
    { package: { ecosystem: 'PyPI', name: 'x' }, ranges: [git, ordered, { ...ordered, type: 'NEW' }] },
  ]);
  assert.deepEqual(known?.ranges, [{ introduced: '0', fixed: '2.0', lastAffected: null }]);
  assert.equal(known?.unreadRanges, 1);
  const [unknown] = affectedBy([
    { package: { ecosystem: 'Some New One', name: 'x' }, ranges: [ordered], versions: ['1.0'] },
  ]);
  assert.deepEqual([unknown?.ranges, unknown?.versions, unknown?.unreadRanges], [[], ['1.0'], 1]);
});

test('parseOsv() keeps several entries for one package apart: together they are a union', () => {
  const entry = (fixed: string, introduced = '0') => ({
    package: { ecosystem: 'npm', name: 'x' },
    ranges: [{ type: 'SEMVER', events: [{ introduced }, { fixed }] }],
  });
  const affected = affectedBy([entry('1.0.1'), entry('2.0.3', '2.0.0')]);
  const verdict = (version: string) => affected.some((each) => verdictOf(each, version, '') === 'affected');
  const verdicts = ['1.0.0', '1.0.1', '2.0.2', '2.0.3'].map(verdict);
  assert.deepEqual(verdicts, [true, false, true, false]);
});

test('parseOsv() matches nothing by an entry without versions and ranges', () => {
  const [bare] = affectedBy([{ package: { ecosystem: 'npm', name: 'x' } }]);
  assert.ok(bare !== undefined);
  assert.equal(verdictOf(bare, '1.0.0', ''), 'not-affected');
});

test('parseOsv() names versions in the order of their ecosystem: 1.0 is 1.0.0 to Python and v1.2.3 is 1.2.3 to Go', () => {
  const named = (ecosystem: string, version: string) =>
    affectedBy([{ package: { ecosystem, name: 'x' }, versions: [version] }])[0];
  const rows: readonly [string, string, string, string][] = [
    ['PyPI', '1.0', '1.0.0', 'affected'],
    ['Go', '1.2.3', 'v1.2.3', 'affected'],
    ['npm', '1.2.3', '1.2.3+build', 'affected'],
    ['npm', '1.2.3', '1.2.4', 'not-affected'],
    ['Some New One', 'R1b', 'R2', 'not-affected'],
  ];
  for (const [ecosystem, told, version, verdict] of rows) {
    const affected = named(ecosystem, told);
    assert.ok(affected !== undefined);
    assert.equal(verdictOf(affected, version, ''), verdict, `${ecosystem} ${version}`);
  }
});

test('parseOsv() rates a package by its own severity, beside that of the record', () => {
  const low = { type: 'Ubuntu', score: 'low' };
  const { affected, severities } = parseOsv(
    {
      ...minimal,
      id: 'UBUNTU-CVE-2026-1',
      severity: [{ type: 'Ubuntu', score: 'high' }],
      affected: [{ package: { ecosystem: 'Ubuntu:22.04:LTS', name: 'x' }, severity: [low] }],
    },
    origin,
  );
  const level = (each: { readonly level: string; readonly provider?: string }) => `${each.level} ${each.provider}`;
  assert.deepEqual([severities.map(level), affected[0]?.severities?.map(level)], [['high ubuntu'], ['low ubuntu']]);
});

test('parseOsv() keeps the channel of a fix that must be paid for', () => {
  const [pro] = affectedBy([{ package: { ecosystem: 'Ubuntu:Pro:18.04:LTS', name: 'netty' } }]);
  assert.deepEqual([pro?.stream, pro?.channel], ['18.04', 'pro']);
});

test('parseOsv() carries what of Go modules is affected: packages, symbols, systems, and ranges by tags', () => {
  const imports = [
    { path: 'net/http', symbols: ['Client.Do', 'Get'] },
    { path: 'os', goos: ['windows'], goarch: ['amd64'] },
  ];
  const custom_ranges = [{ type: 'ECOSYSTEM', events: [{ introduced: '2.9.0' }, { fixed: '2.9.12' }] }];
  const [go] = affectedBy([
    { package: { ecosystem: 'Go', name: 'stdlib' }, ecosystem_specific: { imports, custom_ranges } },
  ]);
  assert.deepEqual(go?.imports, [
    { path: 'net/http', symbols: ['Client.Do', 'Get'], os: [], architectures: [] },
    { path: 'os', symbols: [], os: ['windows'], architectures: ['amd64'] },
  ]);
  assert.deepEqual(go?.customRanges, [{ introduced: '2.9.0', fixed: '2.9.12', lastAffected: null }]);
  const [odd] = affectedBy([{ package: { ecosystem: 'Go', name: 'x' }, ecosystem_specific: { imports: 'all of it' } }]);
  assert.equal(odd?.imports, undefined);
});

test('parseOsv() carries what of a crate is affected, and takes an unmaintained one for no vulnerability', () => {
  const crate = (over: object) => ({ package: { ecosystem: 'crates.io', name: 'x' }, versions: ['1.0.0'], ...over });
  const [narrow] = affectedBy([
    crate({ ecosystem_specific: { affects: { functions: ['x::y::f', 'x::y::g'], os: ['linux'], arch: [] } } }),
  ]);
  assert.deepEqual(narrow?.imports, [{ path: 'x::y', symbols: ['f', 'g'], os: ['linux'], architectures: [] }]);
  for (const [informational, entries] of [
    ['unmaintained', 0],
    ['notice', 0],
    ['unsound', 1],
    [null, 1],
  ] as const) {
    const record = parseOsv({ ...minimal, affected: [crate({ database_specific: { informational } })] }, origin);
    assert.deepEqual([record.informational ?? null, record.affected.length], [informational, entries]);
  }
});

test('parseOsv() says whether people of the database looked at a record', () => {
  const reviewed = (database_specific: object) => parseOsv({ ...minimal, database_specific }, origin).reviewed;
  assert.deepEqual(
    [{ github_reviewed: true }, { github_reviewed: false }, { review_status: 'UNREVIEWED' }, {}].map(reviewed),
    [true, false, false, undefined],
  );
});

test('parseOsv() keeps a withdrawn record with its date: it ends what it began', () => {
  const record = parseOsv({ ...minimal, withdrawn: '2026-03-01T00:00:00Z' }, origin);
  assert.equal(record.withdrawn, '2026-03-01T00:00:00Z');
  assert.equal(parseOsv({ ...minimal, withdrawn: null }, origin).withdrawn, null);
});

test('parseOsv() takes the year 1 for a date left open', () => {
  const open = { id: 'GO-1', modified: '0001-01-01T00:00:00Z', published: '0001-01-01T00:00:00Z' };
  const record = parseOsv(open, origin);
  assert.deepEqual([record.modified, record.published], [observedAt.toString(), null]);
  assert.equal(parseOsv({ ...open, published: minimal.modified }, origin).modified, minimal.modified);
});

test('parseOsv() says what is wrong and where, and what stays in force', () => {
  const rows: readonly [unknown, RegExp][] = [
    [null, /the record: /],
    [{ modified: minimal.modified }, /^id: /],
    [{ ...minimal, modified: 'yesterday' }, /modified is "yesterday"/],
    [{ ...minimal, aliases: [1] }, /^aliases\[0\]: /],
    [{ ...minimal, affected: [{ package: { ecosystem: 'npm' } }] }, /^affected\[0\]\.package\.name: /],
    [
      { ...minimal, affected: [{ versions: ['\ud800'] }] },
      /^affected\[0\]\.versions\[0\]: text without lone surrogates/,
    ],
  ];
  for (const [json, why] of rows) {
    assert.throws(
      () => parseOsv(json, origin),
      (error) => {
        assert.ok(error instanceof Failure);
        assert.equal(error.code, 'E0202');
        assert.equal(error.detail.at, origin.name);
        assert.match(error.detail.why ?? '', why);
        assert.match(error.detail.kept ?? '', /stays in force/);
        assert.ok(error.detail.hint !== undefined);
        return true;
      },
    );
  }
});

test('parseOsv() gives a record that the ledger can hold or a Failure, whatever becomes of the bytes', () => {
  const bytes = Buffer.from(JSON.stringify(full));
  const damage = fc.record({ at: fc.nat(bytes.length - 1), with: fc.uint8Array({ maxLength: 4 }), drop: fc.nat(6) });
  fc.assert(
    fc.property(fc.array(damage, { minLength: 1, maxLength: 4 }), (damages) => {
      let broken = bytes;
      for (const { at, with: inserted, drop } of damages) {
        broken = Buffer.concat([broken.subarray(0, at), inserted, broken.subarray(at + drop)]);
      }
      recordOrFailure(() => parseFeedJson(broken, origin.name));
    }),
    { numRuns: 1000 },
  );
});

test('parseOsv() gives a record that the ledger can hold or a Failure, whatever stands in place of a value', () => {
  const paths = pathsOf(full);
  const value = fc.oneof(
    fc.jsonValue({ maxDepth: 2 }),
    fc.string({ unit: 'binary' }),
    fc.constant(null),
    fc.constant('\ud800'),
  );
  fc.assert(
    fc.property(fc.constantFrom(...paths), value, (path, replacement) => {
      recordOrFailure(() => replaced(full, path, replacement));
    }),
    { numRuns: 1000 },
  );
});

function recordOrFailure(make: () => unknown): void {
  try {
    canonicalJson(parseOsv(make(), origin));
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    assert.equal(error.code, 'E0202');
  }
}

type Path = readonly (string | number)[];

function pathsOf(value: unknown, path: Path = []): readonly Path[] {
  if (typeof value !== 'object' || value === null) return [path];
  const entries: readonly [string | number, unknown][] = Array.isArray(value)
    ? value.map((each, index) => [index, each])
    : Object.entries(value);
  return [path, ...entries.flatMap(([key, each]) => pathsOf(each, [...path, key]))];
}

function replaced(value: unknown, [key, ...rest]: Path, replacement: unknown): unknown {
  if (key === undefined) return replacement;
  const copy: Record<string | number, unknown> = structuredClone(value as Record<string | number, unknown>);
  copy[key] = replaced(copy[key], rest, replacement);
  return copy;
}

test('parseOsv() keeps a record of which another name is none', () => {
  const record = parseOsv({ ...minimal, aliases: ['CVE-2022-1053', 'GHSA-jf66-3q76-h5p5,', 'GHSA jf66'] }, origin);
  assert.deepEqual(record.aliases, ['CVE-2022-1053']);
});
