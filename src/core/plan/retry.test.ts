import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { FailureCode } from '../failure.ts';
import { instant } from '../../../test/support/literals.ts';
import { retryAt, wantsPerson } from './retry.ts';

const now = instant('2026-03-02T14:00:00Z');

test('retryAt() doubles the pause from five minutes up to six hours', () => {
  const minutes = [1, 2, 3, 7, 8, 1000].map((attempt) =>
    retryAt({ code: 'E0601', attempt }, now)?.since(now).total('minutes'),
  );
  assert.deepEqual(minutes, [5, 10, 20, 320, 360, 360]);
});

test('retryAt() is never for what the same bytes would fail again', () => {
  assert.equal(retryAt({ code: 'E0406', attempt: 1 }, now), null);
});

test('wantsPerson() at once where nothing mends itself: another source than expected, a registry that forbids', () => {
  const asks = (code: FailureCode) => wantsPerson({ code, attempt: 1, retryAt: retryAt({ code, attempt: 1 }, now) });
  assert.deepEqual((['E0405', 'E0602', 'E0601', 'E0203'] as const).map(asks), [true, true, false, false]);
});

test('wantsPerson() from the third failure of a build on, and the machine goes on trying', () => {
  const again = retryAt({ code: 'E0402', attempt: 3 }, now);
  assert.deepEqual(
    [2, 3].map((attempt) => wantsPerson({ code: 'E0402', attempt, retryAt: again })),
    [false, true],
  );
});
