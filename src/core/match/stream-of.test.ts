import assert from 'node:assert/strict';
import { test } from 'node:test';
import { streamOf } from './stream-of.ts';

const rows: readonly (readonly [version: string, stream: string])[] = [
  ['1.25.3-r1', '1'],
  ['3-r0', '3'],
  ['v2.0.0+incompatible', '2'],
  ['0.9.8-r0', '0.9'],
  ['0.10_rc1-r0', '0.10'],
  ['0-r1', '0'],
  ['9e-r5', '9'],
  ['20240101-r0', '20240101'],
  ['trunk', 'trunk'],
  ['', ''],
];

for (const [version, stream] of rows) {
  test(`streamOf() ${version} is ${stream}`, () => assert.equal(streamOf(version), stream));
}
