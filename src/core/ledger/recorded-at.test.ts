import assert from 'node:assert/strict';
import { test } from 'node:test';
import { nextRecordedAt } from './recorded-at.ts';

const at = (text: string) => Temporal.Instant.from(text);
const cases = [
  { previous: null, clock: '2026-03-01T10:00:00.123456789Z', expected: '2026-03-01T10:00:00.123456Z' },
  { previous: '2026-03-01T10:00:00Z', clock: '2026-03-01T10:00:00.000001Z', expected: '2026-03-01T10:00:00.000001Z' },
  { previous: '2026-03-01T10:00:00Z', clock: '2026-03-01T10:00:00Z', expected: '2026-03-01T10:00:00Z' },
  { previous: '2026-03-01T10:00:00Z', clock: '2026-03-01T09:59:59.999999Z', expected: '2026-03-01T10:00:00Z' },
];

for (const { previous, clock, expected } of cases) {
  test(`nextRecordedAt() after ${previous ?? 'nothing'}, clock ${clock}`, () => {
    assert.equal(nextRecordedAt(previous === null ? null : at(previous), at(clock)).toString(), expected);
  });
}
