import assert from 'node:assert/strict';
import { test } from 'node:test';
import { factId } from './fact-id.ts';

const withdrawn = {
  type: 'release-withdrawn',
  payload: { upstream: 'pkg:generic/hello', version: '1.0.1', reason: 'yanked' },
} as const;

test('factId() is the same whatever the order of the members, and is pinned: ids are for ever', () => {
  const { upstream, version, reason } = withdrawn.payload;
  assert.equal(factId({ ...withdrawn, payload: { reason, version, upstream } }), factId(withdrawn));
  assert.equal(factId(withdrawn), 'c5318eec7a02afec489d11b5ea47f5cc21beddf5cf47ed618dff05230da14c42');
});

test('factId() tells types, payloads and source keys apart', () => {
  const ids = [
    factId(withdrawn),
    factId({ ...withdrawn, payload: { ...withdrawn.payload, version: '1.0.2' } }),
    factId({ ...withdrawn, sourceKey: '' }),
    factId({ ...withdrawn, sourceKey: 'second' }),
    factId({ type: 'image-withdrawn', payload: withdrawn.payload as never }),
  ];
  assert.equal(new Set(ids).size, ids.length);
});
