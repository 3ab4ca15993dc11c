import assert from 'node:assert/strict';
import * as crypto from 'node:crypto';
import { test } from 'node:test';
import fc from 'fast-check';
import { createHash, hash } from './hash-in-browser.ts';

test('hash() of the examples that the standard publishes', () => {
  assert.equal(hash('sha256', 'abc'), 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad');
  assert.equal(hash('sha256', ''), 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855');
});

test('hash() of any bytes and any text: as node:crypto says', () => {
  fc.assert(
    fc.property(fc.oneof(fc.uint8Array({ maxLength: 300 }), fc.string({ unit: 'binary', maxLength: 200 })), (data) => {
      assert.equal(hash('sha256', data), crypto.hash('sha256', data));
      assert.equal(createHash('sha256').update(data).digest('hex'), crypto.hash('sha256', data));
    }),
  );
});

test('hash() around the end of a block: as node:crypto says', () => {
  for (const length of [55, 56, 57, 63, 64, 65, 119, 120, 127, 128]) {
    const data = 'x'.repeat(length);
    assert.equal(hash('sha256', data), crypto.hash('sha256', data), `${length} bytes`);
  }
});
