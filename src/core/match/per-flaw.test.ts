import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { AdvisoryRecord } from './advisory.ts';
import { distributionOfId } from './distribution-id.ts';
import { perFlaw } from './per-flaw.ts';

const notice: AdvisoryRecord = {
  id: 'DSA-5378-1',
  source: 'osv',
  aliases: [],
  upstream: ['CVE-2026-0001', 'CVE-2026-0002'],
  summary: 'xen - security update',
  published: '2026-03-25T00:00:00Z',
  modified: '2026-03-25T00:00:00Z',
  withdrawn: null,
  severities: [{ source: 'vendor', type: 'label', vector: null, score: null, level: 'high' }],
  affected: [{ package: 'pkg:deb/debian/xen', stream: '11', scheme: 'deb', ranges: [], versions: [] }],
  exploitedSince: null,
  epss: null,
  malicious: false,
};

test("perFlaw() says of each flaw what a distribution's notice says of all, but not how grave they are together", () => {
  const records = perFlaw(notice);
  assert.deepEqual(
    records.map(({ id, source, aliases, severities }) => ({ id, source, aliases, severities })),
    ['CVE-2026-0001', 'CVE-2026-0002'].map((id) => ({ id, source: 'osv DSA-5378-1', aliases: [], severities: [] })),
  );
  for (const record of records) assert.deepEqual([record.affected, record.upstream], [notice.affected, undefined]);
});

test('perFlaw() takes the aliases of older notices for their flaws', () => {
  const old = { ...notice, upstream: [], aliases: ['CVE-2026-0001', 'CVE-2026-0002', 'DSA-5378-1'] };
  assert.deepEqual(
    perFlaw(old).map(({ id }) => id),
    ['CVE-2026-0001', 'CVE-2026-0002'],
  );
});

test('perFlaw() knows a notice of one flaw by the flaw as well, and leaves records of those who are no distribution alone', () => {
  const one: AdvisoryRecord = { ...notice, aliases: [], upstream: ['CVE-2026-0001'] };
  const upstreams: AdvisoryRecord = { ...notice, id: 'GHSA-aaaa', aliases: ['CVE-2026-0003', 'CVE-2026-0004'] };
  assert.deepEqual(perFlaw(one), [{ ...one, aliases: ['CVE-2026-0001'] }]);
  assert.deepEqual(perFlaw({ ...one, upstream: [] }), [{ ...one, upstream: [] }]);
  assert.deepEqual(perFlaw(upstreams), [upstreams]);
});

test('distributionOfId() knows whose ids are whose', () => {
  const rows: readonly [string, string | undefined][] = [
    ['DSA-5378-1', 'debian'],
    ['DEBIAN-CVE-2026-0001', 'debian'],
    ['ALPINE-CVE-2026-0001', 'alpine'],
    ['ALAS2023-2026-1', 'amazon'],
    ['RHSA-2024:4546', 'redhat'],
    ['openSUSE-SU-2026:1-1', 'opensuse'],
    ['UBUNTU-CVE-2026-0001', 'ubuntu'],
    ['CVE-2026-0001', undefined],
    ['GHSA-aaaa-bbbb-cccc', undefined],
    ['GO-2026-0001', undefined],
    ['RUSTSEC-2026-0001', undefined],
    ['constructor-1', undefined],
    ['', undefined],
  ];
  for (const [id, distribution] of rows) assert.equal(distributionOfId(id), distribution, id);
});
