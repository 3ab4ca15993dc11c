import assert from 'node:assert/strict';
import { test } from 'node:test';
import { combine } from './combine.ts';
import type { Part } from './part.ts';

const [T0, DUE, T1] = [1_000, 10_000, 12_000];
const nothing: Part = {
  standing: 'waiting',
  t0: null,
  due: null,
  t1: null,
  missedAt: null,
  margin: null,
  fix: null,
  endedBy: null,
};
const parts = {
  waiting: nothing,
  onTrack: { ...nothing, standing: 'on-track', t0: 5_000, due: 20_000 },
  missed: { ...nothing, standing: 'missed', t0: T0, due: DUE, t1: T1, missedAt: DUE, margin: DUE - T1, endedBy: 'fix' },
  met: { ...nothing, standing: 'met', t0: T0, due: DUE, t1: 9_000, margin: 1_000, endedBy: 'fix' },
  waivedOpen: { ...nothing, standing: 'excluded', t0: T0, due: DUE },
} as const satisfies Record<string, Part>;

const rows: readonly [situation: string, of: readonly (keyof typeof parts)[], expected: Partial<Part>][] = [
  ['one missed, another in time so far', ['missed', 'onTrack'], { standing: 'overdue', t0: T0, due: DUE, t1: null }],
  ['one missed, another without a release', ['missed', 'waiting'], { standing: 'overdue', t0: T0, due: DUE, t1: null }],
  ['one missed, another open under a waiver', ['waivedOpen', 'missed'], { standing: 'missed', due: DUE }],
  ['one met, another open under a waiver', ['met', 'waivedOpen'], { standing: 'excluded', due: DUE }],
  ['one met, another in time so far', ['met', 'onTrack'], { standing: 'on-track', due: 20_000 }],
];

for (const [situation, of, expected] of rows) {
  test(`combine(): ${situation}`, () => {
    const whole = combine(of.map((name) => parts[name]));
    const shown = Object.fromEntries(Object.keys(expected).map((key) => [key, whole[key as keyof Part]]));
    assert.deepEqual(shown, expected);
  });
}
