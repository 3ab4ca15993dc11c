import assert from 'node:assert/strict';
import { test } from 'node:test';
import { bySubject } from '../../test/support/by-subject.ts';
import { historyOf, ledgerOf, type Told } from '../../test/support/promise-story.ts';
import { instant } from '../../test/support/literals.ts';
import { obligations } from '../core/promise/obligations.ts';
import { lookUpLineVerdicts, lookUpVerdicts } from './look-up-verdicts.ts';

const CVE = 'CVE-2026-0001';
const day = (of: number): string => `2026-03-0${of}T10:00:00Z`;
const range = { upstream: 'lib', stream: null, fixed: '1.0.1' } as const;
const holds = (at: string, line: string, version: string): Told => {
  return { type: 'image-confirmed', at, line, arch: 'amd64', contains: { lib: { stream: '1', version } } };
};
const story: readonly Told[] = [
  holds(day(1), 'web:1', '1.0.0'),
  holds(day(1), 'api:1', '1.0.0'),
  { type: 'advisory-recorded', id: CVE, severity: 'high', at: day(2), affected: [range] },
  { type: 'advisory-recorded', id: 'GHSA-aaaa', aliases: [CVE], severity: null, at: day(2), affected: [] },
  {
    type: 'advisory-recorded',
    id: 'CVE-2026-0002',
    severity: 'low',
    at: day(2),
    affected: [{ ...range, fixed: '2.0.0' }],
  },
  holds(day(3), 'web:1', '1.0.1'),
  holds(day(3), 'api:1', 'main'),
];
const ledger = ledgerOf(story);
const deps = {
  ...bySubject(async function* (until) {
    for (const fact of ledger.facts) {
      if (until === undefined || Temporal.Instant.compare(fact.recordedAt, until) <= 0) yield fact;
    }
  }),
  inventory: async (digest: Parameters<typeof ledger.inventoryOf>[0]) => ledger.inventoryOf(digest),
};
const told = async (by: { vulnerability: string } | { line: string }, asOf: string | null) => {
  const at = asOf === null ? null : instant(asOf);
  const rows =
    'line' in by
      ? await lookUpLineVerdicts(by.line, at, deps)
      : (await lookUpVerdicts(by.vulnerability, at, deps)).rows;
  return rows.map(({ line, id, verdict, fixedIn }) => [line, id, verdict, fixedIn]);
};

test('lookUpVerdicts() of a vulnerability by any name: of what each line serves, now and then', async () => {
  for (const vulnerability of [CVE, 'GHSA-aaaa']) {
    assert.deepEqual(await told({ vulnerability }, null), [
      ['api:1', CVE, 'indeterminate', null],
      ['web:1', CVE, 'not-affected', null],
    ]);
    assert.deepEqual(await told({ vulnerability }, day(2)), [
      ['api:1', CVE, 'affected', '1.0.1'],
      ['web:1', CVE, 'affected', '1.0.1'],
    ]);
  }
});

test('lookUpLineVerdicts(): by every record, what is affected first', async () => {
  assert.deepEqual(await told({ line: 'web:1' }, null), [
    ['web:1', 'CVE-2026-0002', 'affected', '2.0.0'],
    ['web:1', CVE, 'not-affected', null],
  ]);
});

test('lookUpVerdicts(): what is open is affected or to be looked at, never silent', async () => {
  const open = obligations(historyOf(ledger), instant(day(4))).filter(({ standing }) => standing === 'waiting');
  assert.equal(open.length, 3);
  for (const { vulnerability, line } of open) {
    const { rows } = await lookUpVerdicts(vulnerability, null, deps);
    assert.ok(rows.some((row) => row.line === line && row.verdict !== 'not-affected'));
  }
});

test('lookUpVerdicts() knows nothing of what no record speaks of, or where inventories are not kept', async () => {
  assert.deepEqual(await told({ vulnerability: 'CVE-2026-9999' }, null), []);
  const bare = { ...deps, inventory: async () => undefined };
  assert.deepEqual((await lookUpVerdicts(CVE, null, bare)).rows, []);
});
