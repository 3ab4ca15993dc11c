import assert from 'node:assert/strict';
import { test } from 'node:test';
import { dataAge } from './data-age.ts';

const newest = '2026-03-01T00:00:00Z';
const DAY = 24 * 3600;

test('dataAge() is old: a second after seven days, or after what is asked for', () => {
  const cases = [
    ['2026-03-08T00:00:00Z', undefined, 7 * DAY, false],
    ['2026-03-08T00:00:01Z', undefined, 7 * DAY + 1, true],
    ['2026-03-02T00:00:00Z', DAY, DAY, false],
    ['2026-03-02T00:00:01Z', DAY, DAY + 1, true],
    ['2026-02-01T00:00:00Z', undefined, 0, false],
  ] as const;
  for (const [now, olderThan, seconds, isOld] of cases) {
    assert.deepEqual(dataAge(newest, Temporal.Instant.from(now), olderThan), { seconds, isOld }, now);
  }
});

test('dataAge() of records without any date is old: nobody can tell', () => {
  assert.deepEqual(dataAge(null, Temporal.Instant.from(newest)), { seconds: null, isOld: true });
});
