import assert from 'node:assert/strict';
import { test } from 'node:test';
import { encodeIndex } from './encode-index.ts';
import { indexDelta } from './index-delta.ts';
import { openIndex } from './open-index.ts';

test('indexDelta() names the sections that came, changed and went', () => {
  const record = {
    id: 'CVE-2026-1',
    source: 'osv',
    aliases: [],
    summary: '',
    published: null,
    modified: '2026-03-01T00:00:00Z',
    withdrawn: null,
    severities: [],
    affected: [],
    exploitedSince: null,
    epss: null,
    malicious: false,
  };
  const index = (sources: Record<string, (typeof record)[]>) =>
    openIndex(encodeIndex(Object.entries(sources).map(([source, records]) => ({ source, records }))));
  assert.deepEqual(indexDelta(index({ a: [], b: [], c: [record] }), index({ b: [record], c: [record], d: [] })), {
    added: ['d'],
    changed: ['b'],
    removed: ['a'],
  });
});
