import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { isoDuration, spell, spellLeft, spellMargin } from './durations.ts';

const HOUR = 3600;
const DAY = 24 * HOUR;

const cases: readonly (readonly [number, string])[] = [
  [0, '0 s'],
  [59, '59 s'],
  [60, '1 m'],
  [243, '4 m 03 s'],
  [600, '10 m'],
  [HOUR - 1, '59 m'],
  [HOUR, '1 h'],
  [2 * HOUR + 5 * 60, '2 h 05 m'],
  [46 * HOUR + 52 * 60, '46 h 52 m'],
  [48 * HOUR, '48 h'],
  [3 * DAY - 1, '71 h 59 m'],
  [3 * DAY, '3 d'],
  [11 * DAY + 2 * HOUR, '11 d 2 h'],
  [14 * DAY, '14 d'],
];

for (const [seconds, words] of cases) {
  test(`spell() of ${seconds} seconds: ${words}`, () => assert.equal(spell(seconds), words));
}

test('spellLeft() at the deadline: nothing is overdue yet', () => {
  assert.equal(spellLeft(0), '0 s left');
  assert.equal(spellLeft(-1), 'overdue by 1 s');
});

test('spellMargin() at the deadline: met', () => {
  assert.equal(spellMargin(0), 'met, 0 s to spare');
  assert.equal(spellMargin(-7500), 'missed by 2 h 05 m');
});

test('isoDuration() of a miss: negative', () => assert.equal(isoDuration(-7500), '-PT7500S'));

test('spell() of any length: never overstates it', () => {
  const unit: Readonly<Record<string, number>> = { s: 1, m: 60, h: HOUR, d: DAY };
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 400 * DAY }), (seconds) => {
      const parts = [...spell(seconds).matchAll(/(\d+) ([smhd])/g)];
      const said = parts.reduce((sum, [, count, name]) => sum + Number(count) * (unit[name ?? ''] ?? Number.NaN), 0);
      return said <= seconds && seconds - said < (seconds < 600 ? 1 : seconds < 3 * DAY ? 60 : HOUR);
    }),
  );
});
