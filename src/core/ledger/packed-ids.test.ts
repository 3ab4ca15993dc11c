import assert from 'node:assert/strict';
import { test } from 'node:test';
import { PackedIds } from './packed-ids.ts';
import { sha256 } from './sha256.ts';

test('PackedIds numbers ids in the order in which they come and gives each back, more than its first table holds', () => {
  // Some are no SHA-256: a chain that was changed may hold anything.
  const ids = Array.from({ length: 3000 }, (_, n) => (n % 50 === 0 ? `id ${n}` : sha256(`${n}`)));
  const packed = new PackedIds();
  for (const [number, id] of ids.entries()) assert.equal(packed.add(id), number);
  for (const [number, id] of ids.entries()) {
    assert.deepEqual([packed.add(id), packed.find(id), packed.at(number)], [number, number, id]);
  }
  assert.deepEqual([packed.find(sha256('other')), packed.find('other')], [undefined, undefined]);
});
