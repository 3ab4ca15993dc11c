import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { AdvisoryRecord } from '../match/advisory.ts';
import { sharing } from './sharing.ts';

const record: AdvisoryRecord = {
  id: 'CVE-2026-0001',
  source: 'osv',
  aliases: ['GHSA-1'],
  summary: 'a crash',
  published: '2026-03-01T00:00:00Z',
  modified: '2026-03-01T00:00:00Z',
  withdrawn: null,
  severities: [],
  affected: [],
  exploitedSince: null,
  epss: null,
  malicious: false,
};

const same: readonly (readonly [string, object])[] = [
  ['nothing', {}],
  ['its date of revision', { modified: '2026-03-02T00:00:00Z' }],
  ['its probability', { epss: 0.5, epssModel: 'v5' }],
  ['equal lists in other objects', { aliases: ['GHSA-1'] }],
];

const differing: readonly (readonly [string, object])[] = [
  ['an alias more', { aliases: ['GHSA-1', 'GO-1'] }],
  ['its withdrawal', { withdrawn: '2026-03-02T00:00:00Z' }],
  ['its exploitation', { exploitedSince: '2026-03-02T00:00:00Z' }],
  ['a member that was not there', { informational: 'notice' }],
];

for (const [what, change] of same) {
  test(`sharing() is the version before where a record changed ${what}`, () => {
    assert.equal(sharing({ ...record, ...change }, record), record);
  });
}

for (const [what, change] of differing) {
  test(`sharing() says what is new where a record changed ${what}, with the parts of the version before`, () => {
    const now = structuredClone({ ...record, ...change });
    const { modified: _, epss: __, ...words } = now;
    const said = sharing(now, record);
    assert.deepEqual(said, words);
    assert.equal(said.affected, record.affected);
  });
}

test('sharing() is a version of its own where a member is gone', () => {
  const now = structuredClone(record);
  assert.notEqual(sharing(now, { ...record, informational: 'notice' }), record);
  assert.equal('informational' in sharing(now, { ...record, informational: 'notice' }), false);
});

test('sharing() leaves the first version as it is', () => {
  assert.equal(sharing(record, undefined), record);
});
