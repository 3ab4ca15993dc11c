import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parsePeriod } from './period.ts';

const now = Temporal.Instant.from('2026-08-02T11:30:00Z');

for (const [text, from, to] of [
  ['2026-Q3', '2026-07-01T00:00:00Z', '2026-10-01T00:00:00Z'],
  ['2025-Q4', '2025-10-01T00:00:00Z', '2026-01-01T00:00:00Z'],
  ['2026-08', '2026-08-01T00:00:00Z', '2026-09-01T00:00:00Z'],
  ['2025-12', '2025-12-01T00:00:00Z', '2026-01-01T00:00:00Z'],
  ['2024-02', '2024-02-01T00:00:00Z', '2024-03-01T00:00:00Z'],
  ['2026', '2026-01-01T00:00:00Z', '2027-01-01T00:00:00Z'],
  ['2026-01-01..2026-03-31', '2026-01-01T00:00:00Z', '2026-04-01T00:00:00Z'],
  ['2026-08-02..2026-08-02', '2026-08-02T00:00:00Z', '2026-08-03T00:00:00Z'],
  ['last-90d', '2026-05-04T11:30:00Z', '2026-08-02T11:30:00Z'],
] as const) {
  test(`parsePeriod() ${text}`, () => {
    const period = parsePeriod(text, now);
    assert.deepEqual([period.name, period.from.toString(), period.to.toString()], [text, from, to]);
  });
}

for (const text of [
  '',
  '2026-Q5',
  '2026-13',
  'last-0d',
  'last-90',
  '2026-03-31..2026-01-01',
  '2026-02-30..2026-03-01',
  'Q3',
]) {
  test(`parsePeriod() refuses "${text}"`, () => {
    assert.throws(() => parsePeriod(text, now), { code: 'E0902', message: /cannot be read/ });
  });
}

test('parsePeriod(): one that begins now has not begun, a day later it has', () => {
  assert.throws(() => parsePeriod('2026-09', Temporal.Instant.from('2026-09-01T00:00:00Z')), /has not begun/);
  assert.doesNotThrow(() => parsePeriod('2026-09', Temporal.Instant.from('2026-09-01T00:00:01Z')));
});
