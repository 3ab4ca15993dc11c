import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseHeads } from './parse-heads.ts';

const hash = 'ab'.repeat(32);
const cases: readonly (readonly [string, string, number | undefined])[] = [
  ['a head', `12:${hash}`, 1],
  ['lines, an empty one and carriage returns', `12:${hash}\r\n\r\n13:${hash}\n`, 2],
  ['a line of heads.jsonl', `{"hash":"${hash}","keyId":"k","seq":12,"signature":"s"}\n`, 1],
  ['a hash that is too short', `12:${hash.slice(1)}`, undefined],
  ['a hash in capitals', `12:${hash.toUpperCase()}`, undefined],
  ['one line that is none among others', `12:${hash}\nhello`, undefined],
  ['nothing', '\n', undefined],
  ['JSON without a place', `{"hash":"${hash}"}`, undefined],
];

for (const [what, text, heads] of cases) {
  test(`parseHeads() of ${what}: ${heads ?? 'none'}`, () => assert.equal(parseHeads(text)?.length, heads));
}
