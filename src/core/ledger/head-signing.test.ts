import assert from 'node:assert/strict';
import { test } from 'node:test';
import { headPayload } from './head-signing.ts';

test('headPayload() says what is signed, in one text', () => {
  const text = '{"hash":"ab","seq":7,"type":"application/vnd.suture.ledger-head+json"}';
  assert.equal(headPayload({ seq: 7, hash: 'ab' }), text);
});
