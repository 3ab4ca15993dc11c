import assert from 'node:assert/strict';
import { test } from 'node:test';
import { encodeEpssTable, openEpssTable } from './epss-table.ts';

test('openEpssTable() finds every score that it was made of, to the fourth digit, and no other', () => {
  const scores = { 'CVE-1999-0001': 0, 'CVE-2026-0002': 0.61234, 'CVE-2026-16777215': 1, 'CVE-2025-44444': 0.00001 };
  const entries = Object.entries(scores).map(([id, epss]) => ({ id, epss }));
  const table = openEpssTable(
    encodeEpssTable([...entries, { id: 'CVE-2026-0009', epss: null }, { id: 'GHSA-1', epss: 1 }]),
  );
  for (const { id, epss } of entries) assert.ok(Math.abs((table(id) ?? 9) - epss) < 1e-5, id);
  for (const id of ['CVE-2026-0003', 'CVE-2026-0009', 'GHSA-1', 'CVE-1989-0001', 'x'])
    assert.equal(table(id), undefined);
});

test('openEpssTable() of nothing knows nothing', () => {
  assert.equal(openEpssTable(new Uint8Array(0))('CVE-2026-0001'), undefined);
});
