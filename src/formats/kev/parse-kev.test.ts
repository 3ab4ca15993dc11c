import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Failure } from '../../core/failure.ts';
import { parseKev } from './parse-kev.ts';

const entry = { cveID: 'CVE-2026-0001', vulnerabilityName: 'Overflow', dateAdded: '2026-03-01', product: 'x' };
const catalog = { dateReleased: '2026-03-02T10:00:00.5Z', vulnerabilities: [entry] };

test('parseKev() makes one record of each entry, exploited since the day it was added', () => {
  const { records, released, problems } = parseKev(catalog, 'kev.json');
  assert.deepEqual([records.length, released.toString(), problems], [1, '2026-03-02T10:00:00.5Z', []]);
  assert.equal(records[0]?.id, 'CVE-2026-0001');
  assert.equal(records[0]?.source, 'kev');
  assert.equal(records[0]?.exploitedSince, '2026-03-01T00:00:00Z');
});

test('parseKev() reads the others when one entry is none, and says which', () => {
  const broken = { ...entry, dateAdded: 'soon' };
  const { records, problems } = parseKev({ ...catalog, vulnerabilities: [broken, entry, 7] }, 'kev.json');
  assert.equal(records.length, 1);
  assert.deepEqual(
    problems.map((problem) => [problem.code, problem.detail.at]),
    [
      ['E0202', 'kev.json: vulnerabilities[0].dateAdded'],
      ['E0202', 'kev.json: vulnerabilities[2].'],
    ],
  );
});

test('parseKev() refuses what is no catalog', () => {
  for (const json of [null, [], { vulnerabilities: [] }, { ...catalog, dateReleased: 'today' }]) {
    assert.throws(() => parseKev(json, 'kev.json'), Failure);
  }
});
