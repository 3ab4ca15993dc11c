import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { hashShelf } from './hash-shelf.ts';
import { seenIds } from './seen-ids.ts';
import { sha256 } from './sha256.ts';

test('seenIds() of any ids, more than its first table holds: what a Map says', () => {
  // Few different ones, so that many come twice; some that are no SHA-256 at all.
  const ids = fc.array(
    fc.nat(3000).map((n) => (n % 50 === 0 ? `id ${n}` : sha256(`${n}`))),
    { minLength: 1000, maxLength: 4000 },
  );
  fc.assert(
    fc.property(ids, (given) => {
      const [seen, map] = [seenIds(), new Map<string, number>()];
      for (const [index, id] of given.entries()) {
        assert.equal(seen.see(id, index + 1), map.get(id) ?? 0);
        if (!map.has(id)) map.set(id, index + 1);
      }
    }),
    { numRuns: 20 },
  );
});

test('seenIds() tells ids apart that begin alike', () => {
  const seen = seenIds();
  assert.equal(seen.see(`${'ab'.repeat(31)}00`, 1), 0);
  assert.equal(seen.see(`${'ab'.repeat(31)}01`, 2), 0);
  assert.equal(seen.see(`${'ab'.repeat(31)}00`, 3), 1);
});

test('hashShelf() gives back what was kept, at any place and across its blocks', () => {
  const shelf = hashShelf();
  for (const seq of [1, 4095, 4096, 4097, 1_000_000]) shelf.keep(seq, sha256(`${seq}`));
  for (const seq of [1, 4095, 4096, 4097, 1_000_000]) assert.equal(shelf.at(seq), sha256(`${seq}`));
  assert.deepEqual([shelf.at(2), shelf.at(5000), shelf.at(9_000_000)], [undefined, undefined, undefined]);
  shelf.keep(2, 'no hash');
  assert.equal(shelf.at(2), undefined);
});
