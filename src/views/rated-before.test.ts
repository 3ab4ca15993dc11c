import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Fact } from '../core/fact.ts';
import type { AdvisoryRecord, Severity } from '../core/match/advisory.ts';
import { ratedBefore } from './rated-before.ts';

const rating = (source: string, level: Severity['level'], score: number | null): Severity => ({
  source,
  type: score === null ? 'label' : 'CVSS_V3.1',
  vector: null,
  score,
  level,
});

const fact = (record: Partial<AdvisoryRecord>): Fact =>
  ({
    type: 'advisory-recorded',
    payload: { id: 'CVE-2026-1', source: 'osv', withdrawn: null, severities: [], ...record },
  }) as unknown as Fact;

test('ratedBefore() tells the highest rating of every other source, as newly recorded', () => {
  const facts = [
    fact({ source: 'nvd', severities: [rating('nvd', 'low', 2)] }),
    fact({
      source: 'nvd',
      severities: [rating('nvd', 'critical', 9.8), rating('nvd', 'high', 7.5), rating('cna', 'low', 3)],
    }),
    fact({ id: 'GHSA-1', source: 'ghsa', severities: [rating('ghsa', 'medium', null)] }),
    fact({ id: 'CVE-2026-2', severities: [rating('vendor', 'critical', 10)] }),
    fact({ source: 'gone', withdrawn: '2026-01-01T00:00:00Z', severities: [rating('vendor', 'critical', 10)] }),
  ];
  const by = rating('cna', 'low', 3);
  assert.equal(ratedBefore(by, ['CVE-2026-1', 'GHSA-1'], facts), ', before ghsa (medium), nvd (critical 9.8)');
});

test('ratedBefore() says nothing where nobody or only one source rates', () => {
  assert.equal(ratedBefore(null, ['CVE-2026-1'], [fact({ severities: [rating('nvd', 'low', 2)] })]), '');
  assert.equal(
    ratedBefore(rating('nvd', 'low', 2), ['CVE-2026-1'], [fact({ severities: [rating('nvd', 'low', 2)] })]),
    '',
  );
});
