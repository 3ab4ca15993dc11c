import assert from 'node:assert/strict';
import { test } from 'node:test';
import { standsAs } from './figure.ts';

const kept = { title: '412 of 413 met (99.8 %) · worst missed by 2 h 05 m · 0 overdue', count: 413 };
const rows: readonly [asked: string, of: typeof kept, stands: boolean][] = [
  ['412 of 413', kept, true],
  ['412 of 413 met', kept, true],
  ['411 of 413', kept, false],
  ['41 of 413', kept, false],
  ['99.8 %', kept, true],
  ['99,76%', kept, true],
  ['100 %', kept, false],
  ['99.7 %', kept, false],
  ['12 waiting', { title: '12 waiting', count: 12 }, true],
  ['13 waiting', { title: '12 waiting', count: 12 }, false],
  ['waiting', { title: '12 waiting', count: 12 }, true],
  ['33 %', { title: 'nothing was due yet · none missed · 0 overdue', count: 0 }, false],
];

for (const [asked, of, stands] of rows) {
  test(`standsAs() ${stands ? 'finds' : 'does not find'} "${asked}" in "${of.title.slice(0, 20)}"`, () => {
    assert.equal(standsAs(asked, of), stands);
  });
}
