import assert from 'node:assert/strict';
import { test } from 'node:test';
import { catalogFiles } from '../../../test/support/catalog-files.ts';
import { parseCatalog } from './parse-catalog.ts';

const entry = {
  vulnerability: 'CVE-2026-1234',
  line: 'hello:1',
  approver: 'Ada Lovelace',
  reason: 'replaced in October',
  granted: '2026-08-01',
  until: '2026-09-30',
};

function read(list: string, ...changes: readonly Partial<Record<keyof typeof entry, string | undefined>>[]) {
  const entries = changes.map((change) => {
    const keys = Object.entries({ ...entry, ...change }).filter(([, value]) => value !== undefined);
    return `  - ${keys.map(([key, value]) => `${key}: ${value}`).join('\n    ')}\n`;
  });
  return parseCatalog(catalogFiles({ 'exceptions.yaml': `${list}:\n${entries.join('')}` }), '/srv/catalog');
}

test('readExceptions() reads days as whole days and knows the place of each entry', () => {
  const reading = read('waivers', {});
  assert.equal(reading.kind, 'catalog');
  assert.deepEqual(reading.kind === 'catalog' && reading.catalog.exceptions, [
    {
      kind: 'waiver',
      vulnerability: 'CVE-2026-1234',
      line: 'hello:1',
      approver: 'Ada Lovelace',
      reason: 'replaced in October',
      granted: '2026-08-01T00:00:00Z',
      until: '2026-10-01T00:00:00Z',
      at: 'exceptions.yaml:2:5',
    },
  ]);
});

test('parseCatalog() without exceptions.yaml waives nothing', () => {
  const reading = parseCatalog(catalogFiles(), '/srv/catalog');
  assert.deepEqual(reading.kind === 'catalog' && reading.catalog.exceptions, []);
});

const wrong: readonly (readonly [string, Parameters<typeof read>, string, RegExp])[] = [
  ['no approver', ['waivers', { approver: undefined }], 'exceptions.yaml:2:5', /approver/],
  ['no end', ['holds', { until: undefined }], 'exceptions.yaml:2:5', /until/],
  ['an empty reason', ['waivers', { reason: '""' }], 'exceptions.yaml:5:13', /is empty/],
  ['no such day', ['waivers', { until: '2026-02-30' }], 'exceptions.yaml:7:12', /2026-02-30 is not a day/],
  ['an end before its beginning', ['waivers', { until: '2026-07-31' }], 'exceptions.yaml:7:12', /ends before/],
  ['91 days', ['waivers', { until: '2026-10-31' }], 'exceptions.yaml:7:12', /longer than 90 days/],
  ['another line', ['waivers', { line: 'helo:1' }], 'exceptions.yaml:3:11', /no line of this catalog is helo:1/],
  ['the same twice', ['waivers', {}, {}], 'exceptions.yaml:8:5', /is there twice/],
];
for (const [situation, given, at, what] of wrong) {
  test(`parseCatalog() refuses an exception: ${situation}`, () => {
    const reading = read(...given);
    assert.equal(reading.kind, 'problems');
    if (reading.kind !== 'problems') return;
    assert.deepEqual(
      reading.problems.map(({ detail }) => detail.at),
      [at],
    );
    assert.match(reading.problems[0]?.message ?? '', what);
  });
}

for (const until of ['2026-08-01', '2026-10-30']) {
  test(`parseCatalog() accepts an exception from 2026-08-01 until ${until}`, () => {
    assert.equal(read('waivers', { until }).kind, 'catalog');
  });
}
