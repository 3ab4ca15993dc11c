import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Failure } from '../core/failure.ts';
import { daemon } from './daemon.ts';

const NOW = Temporal.Instant.from('2026-08-02T11:30:00Z');

/** Plays a list of ticks; the signal is aborted when the list is over. */
function play(ticks: readonly (() => { more: boolean })[]) {
  const controller = new AbortController();
  const pauses: number[] = [];
  const troubles: string[] = [];
  let turn = 0;
  const made = daemon(
    {
      now: () => NOW,
      tick: async () => {
        const tick = ticks[turn];
        turn += 1;
        if (turn >= ticks.length) controller.abort('SIGTERM');
        return tick?.() ?? { more: false };
      },
      sleep: async (seconds) => void pauses.push(seconds),
      onTrouble: (failure) => void troubles.push(failure.code),
    },
    { pauseSeconds: 10, signal: controller.signal },
  );
  return { made, pauses, troubles, turns: () => turn };
}

const idle = () => ({ more: false });
const busy = () => ({ more: true });
const down = () => {
  throw new Failure('E0201', 'the feed is down');
};

test('daemon() with more to do: turns again at once', async () => {
  const { made, pauses, turns } = play([busy, busy, idle, busy]);
  await made.ended;
  assert.equal(turns(), 4);
  assert.deepEqual(pauses, [10]);
});

test('daemon() when the world fails: goes on, with growing pauses up to five minutes', async () => {
  const { made, pauses, troubles } = play([...Array.from({ length: 7 }, () => down), idle, busy]);
  await made.ended;
  assert.deepEqual(pauses, [20, 40, 80, 160, 300, 300, 300, 10]);
  assert.equal(troubles.length, 7);
  assert.deepEqual(made.health(), { lastTick: NOW, failures: 0, trouble: null });
});

test('daemon() when we are wrong: ends, because nothing is done on a guess', async () => {
  const { made } = play([
    () => {
      throw new Error('invariant broken');
    },
    idle,
  ]);
  await assert.rejects(made.ended, /invariant broken/);
});
