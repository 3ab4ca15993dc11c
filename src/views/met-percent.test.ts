import assert from 'node:assert/strict';
import { test } from 'node:test';
import { metPercent } from './met-percent.ts';

for (const [met, due, digits, percent] of [
  [412, 413, 1, 99.8],
  [412, 413, 2, 99.76],
  [413, 413, 2, 100],
  [99_999, 100_000, 1, 99.9],
  [999_999, 1_000_000, 2, 99.99],
  [1, 1_000_000, 1, 0.1],
  [0, 3, 1, 0],
] as const) {
  test(`metPercent() ${met} of ${due}: ${percent}`, () => {
    assert.equal(metPercent(met, due, digits), percent);
  });
}
