import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isHeadDue } from './sign-head.ts';

const at = (text: string) => Temporal.Instant.from(text);
const when = { signEverySeconds: 600, signFacts: 1000 };
const signed = { seq: 10, recordedAt: at('2026-03-01T10:00:00Z') };

const cases: readonly (readonly [string, typeof signed | null, number, string, boolean])[] = [
  ['an empty ledger', null, 0, '2026-03-01T10:00:00Z', false],
  ['facts and none signed yet', null, 1, '2026-03-01T10:00:00Z', true],
  ['nothing since', signed, 10, '2026-04-01T10:00:00Z', false],
  ['one fact, a moment before the time', signed, 11, '2026-03-01T10:09:59.999Z', false],
  ['one fact, exactly then', signed, 11, '2026-03-01T10:10:00Z', true],
  ['one fact too few', signed, 1009, '2026-03-01T10:00:01Z', false],
  ['just as many facts', signed, 1010, '2026-03-01T10:00:01Z', true],
];

for (const [what, newest, seq, now, due] of cases) {
  test(`isHeadDue() with ${what}`, () => {
    assert.equal(isHeadDue(newest, { seq, now: at(now), when }), due);
  });
}
