import assert from 'node:assert/strict';
import { test } from 'node:test';
import { estimator, type PastRun, quantile } from './stage-durations.ts';

const builds = (target: string, ...seconds: readonly number[]): readonly PastRun[] =>
  seconds.map((each) => ({ kind: 'build-package', target, seconds: each }));

const cases: readonly (readonly [string, readonly PastRun[], p50: number, p90: number])[] = [
  ['nothing measured: what is assumed', [], 900, 3600],
  ['one build of another: drawn a quarter of the way', builds('zlib', 100), 700, 2725],
  ['one build of it: its kind first, then itself', builds('curl', 100), 550, 2068.75],
  [
    'many builds of it: nearly what was measured',
    builds('curl', ...Array.from({ length: 297 }, () => 100)),
    100.08,
    100.35,
  ],
];
for (const [situation, runs, p50, p90] of cases) {
  test(`estimator() with ${situation}`, () => {
    const { p50: half, p90: most } = estimator(runs)('build-package', 'curl');
    assert.deepEqual([Math.round(half * 100) / 100, Math.round(most * 100) / 100], [p50, p90]);
  });
}

test('estimator() tells how many runs it rests on', () => {
  const { runs } = estimator([...builds('curl', 1, 2), ...builds('zlib', 3)])('build-package', 'curl');
  assert.deepEqual(runs, { own: 2, ofKind: 3 });
});

test('quantile() is a measured value that so many do not exceed', () => {
  const runs = [4, 1, 3, 2, 10].map((seconds) => ({ seconds }));
  assert.deepEqual(
    [0.5, 0.9, 0.2].map((share) => quantile(runs, share)),
    [3, 10, 1],
  );
});
