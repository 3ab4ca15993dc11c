import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { atRiskAt, type Lifetime, survival } from './survival.ts';

/** Weeks of remission of 42 children (Freireich and others, Blood 21, 1963, 699-716); `+` = still in remission. */
const treated = lifetimes('6 6 6 6+ 7 9+ 10 10+ 11+ 13 16 17+ 19+ 20+ 22 23 25+ 32+ 32+ 34+ 35+');
const placebo = lifetimes('1 1 2 2 3 4 4 5 5 8 8 8 8 11 11 12 12 15 17 22 23');

describe('survival() agrees with the leukaemia trial that textbooks print', () => {
  test('treated: the published curve, step by step', () => {
    assert.deepEqual(
      survival(treated).steps.map(({ seconds, atRisk, ended, open }) => [seconds, atRisk, ended, open.toFixed(4)]),
      [
        [6, 21, 3, '0.8571'],
        [7, 17, 1, '0.8067'],
        [10, 15, 1, '0.7529'],
        [13, 12, 1, '0.6902'],
        [16, 11, 1, '0.6275'],
        [22, 7, 1, '0.5378'],
        [23, 6, 1, '0.4482'],
      ],
    );
  });

  test('treated: median 23 weeks, a quarter by 13, and three quarters are never reached', () => {
    const { count, ended, censored, quartiles } = survival(treated);
    assert.deepEqual({ count, ended, censored }, { count: 21, ended: 9, censored: 12 });
    assert.deepEqual(quartiles, { q1: 13, median: 23, q3: null });
  });

  test('placebo: median 8 weeks, quartiles 4 and 12', () => {
    assert.deepEqual(survival(placebo).quartiles, { q1: 4, median: 8, q3: 12 });
  });
});

test('survival() of nothing: no curve, no median', () => {
  assert.deepEqual(survival([]), {
    count: 0,
    ended: 0,
    censored: 0,
    longestSeconds: 0,
    steps: [],
    quartiles: { q1: null, median: null, q3: null },
  });
});

test('survival() of open ones alone: nothing ended, so no median is claimed', () => {
  assert.deepEqual(survival(lifetimes('5+ 9+')).quartiles, { q1: null, median: null, q3: null });
});

test('survival() where half ends exactly: the median is that time', () => {
  assert.equal(survival(lifetimes('1 2 3 4')).quartiles.median, 2);
});

test('atRiskAt(): at the moment of an end it was still at risk, a moment later no more', () => {
  assert.deepEqual([atRiskAt(treated, 6), atRiskAt(treated, 7), atRiskAt(treated, 36)], [21, 17, 0]);
});

function lifetimes(text: string): readonly Lifetime[] {
  return text.split(' ').map((each) => ({ seconds: Number.parseInt(each, 10), ended: !each.endsWith('+') }));
}
