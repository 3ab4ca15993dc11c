import assert from 'node:assert/strict';
import { test } from 'node:test';
import { meetsBound } from './wanted-package.ts';
import type { WantedBound } from './wanted-package.ts';

/** Bound, versions within, versions without. */
const rows: readonly [string, readonly string[], readonly string[]][] = [
  ['<2.6', ['2.5.0-1+deb12u2', '2.6~rc1-1', '1:2.5-1'], ['2.6-1', '2.6.0-1', '2.10-1']],
  ['<=2.5.0', ['2.5.0-1', '2.5.0-9+deb12u2', '2.4-1'], ['2.5.0+dfsg-1', '2.5.1-1']],
  ['=2.5.0', ['2.5.0-1', '2.5.0-1+deb12u2', '2.5.0', '1:2.5.0-1'], ['2.5.0+dfsg-1', '2.5-1']],
  ['>2.5.0', ['2.5.0+dfsg-1', '2.5.1-1'], ['2.5.0-1+deb12u2', '2.5.0~rc1-1']],
  ['>=2.5.0', ['2.5.0-1', '3-1'], ['2.5.0~rc1-1', '2.4.9-9']],
  ['>=2.5.0-1+deb12u1', ['2.5.0-1+deb12u1', '2.5.0-1+deb12u2', '2.5.1-1'], ['2.5.0-1', '2.5.0']],
  ['=2.5.0-1', ['2.5.0-1', '1:2.5.0-1'], ['2.5.0-1+b1', '1:2.5.0-1+b1']],
  ['<1.3-1', ['1:1.2.13.dfsg-1'], ['1:1.3-1']],
  ['<1:2', ['1:1.9-1', '9-1'], ['1:2-1', '2:0-1']],
  ['~1.2', ['1.2-1', '1.2.3-1', '1.2+dfsg-1', '1.2~rc1-1', '1.2a-1', '1:1.2.13.dfsg-1'], ['1.20-1', '1.3-1', '11.2-1']],
  ['~1:1.2', ['1:1.2.13.dfsg-1'], ['1.2-1', '2:1.2-1']],
  ['~1.2-3', ['1.2-3', '1.2-3+deb12u1'], ['1.2-30', '1.2-4', '1.2.1-3']],
];

for (const [text, within, without] of rows) {
  test(`meetsBound() of ${text} has a boundary with both sides`, () => {
    const bound = boundOf(text);
    for (const version of within) assert.equal(meetsBound(version, bound), true, version);
    for (const version of without) assert.equal(meetsBound(version, bound), false, version);
  });
}

function boundOf(text: string): WantedBound {
  const operator = (['<=', '>=', '<', '>', '=', '~'] as const).find((each) => text.startsWith(each));
  assert.ok(operator !== undefined);
  return { operator, version: text.slice(operator.length) };
}
