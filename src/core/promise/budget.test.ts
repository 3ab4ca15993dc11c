import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Step } from './allowance.ts';
import { spend } from './budget.ts';
import type { Dated } from './dated.ts';
import type { Exposure } from './exposure.ts';
import { FOREVER } from './instant.ts';

/** Times are plain numbers here; 48 are promised unless a step says otherwise. */
const HIGH: readonly Step[] = [{ at: 0, allowance: 48 }];

function exposed(from: number, to: number | null): Exposure {
  const by = { fact: `pull at ${to}` } as Dated<unknown>;
  return { from, to: to ?? FOREVER, openedBy: by, closedBy: to === null ? null : by };
}

function margins(exposures: readonly Exposure[], steps = HIGH, until = FOREVER): readonly number[] {
  return spend({ t0: 10, until, exposures, steps }).closings.map(({ margin }) => margin);
}

test('spend() leaves nothing and misses nothing: clean exactly at the deadline', () => {
  const { due, missedAt, closings } = spend({ t0: 10, until: FOREVER, exposures: [exposed(0, 58)], steps: HIGH });
  assert.deepEqual([due, missedAt, closings[0]?.margin], [58, null, 0]);
});

test('spend() latches the miss at the deadline: clean one later', () => {
  const { missedAt, closings } = spend({ t0: 10, until: FOREVER, exposures: [exposed(0, 59)], steps: HIGH });
  assert.deepEqual([missedAt, closings[0]?.margin], [58, -1]);
});

test('spend() counts no time before T0', () => {
  assert.deepEqual(margins([exposed(0, 5), exposed(8, 20)]), [38]);
});

test('spend() keeps the margin of each episode; clean time between them moves the deadline out', () => {
  assert.deepEqual(margins([exposed(0, 20), exposed(40, 60)]), [38, 18]);
});

test('spend() goes on spending after a miss when the flaw comes back', () => {
  assert.deepEqual(margins([exposed(0, 60), exposed(70, 75)]), [-2, -7]);
});

test('spend() raises: the sooner of both deadlines', () => {
  const raisedAt = (at: number): readonly Step[] => [
    { at: 0, allowance: 100 },
    { at, allowance: 48 },
  ];
  assert.equal(spend({ t0: 10, until: FOREVER, exposures: [exposed(0, null)], steps: raisedAt(30) }).due, 78);
  assert.equal(spend({ t0: 10, until: FOREVER, exposures: [exposed(0, null)], steps: raisedAt(90) }).due, 110);
});

test('spend() raises during clean time: what is left of it counts on top', () => {
  const steps = [
    { at: 0, allowance: 100 },
    { at: 30, allowance: 48 },
  ];
  assert.equal(spend({ t0: 10, until: FOREVER, exposures: [exposed(0, 20), exposed(40, null)], steps }).due, 88);
});

test('spend() lowers up to the deadline and not after it', () => {
  const loweredAt = (at: number): readonly Step[] => [...HIGH, { at, allowance: 100 }];
  assert.equal(spend({ t0: 10, until: FOREVER, exposures: [exposed(0, 70)], steps: loweredAt(58) }).missedAt, null);
  assert.equal(spend({ t0: 10, until: FOREVER, exposures: [exposed(0, 70)], steps: loweredAt(59) }).missedAt, 58);
});

test('spend() lowers to a deadline that has passed already: the instant of lowering', () => {
  const steps = [
    { at: 0, allowance: 100 },
    { at: 20, allowance: 10 },
    { at: 25, allowance: 12 },
  ];
  assert.equal(spend({ t0: 10, until: FOREVER, exposures: [exposed(0, null)], steps }).due, 25);
});

test('spend() of a start taken back while late: the overrun is known, nothing is closed', () => {
  const spent = spend({ t0: 10, until: 60, exposures: [exposed(0, 70)], steps: HIGH });
  assert.deepEqual([spent.missedAt, spent.overrun, spent.closings], [58, -2, []]);
});

test('spend() of a start taken back in time: nothing was missed', () => {
  const spent = spend({ t0: 10, until: 58, exposures: [exposed(0, 70)], steps: HIGH });
  assert.deepEqual([spent.missedAt, spent.overrun, spent.closings], [null, null, []]);
});
