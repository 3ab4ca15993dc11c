import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout } from 'node:timers/promises';
import { readAhead } from './read-ahead.ts';

const items = [5, 1, 1, 9, 1, 1].map((sizeBytes, value) => ({ value, sizeBytes }));

test('readAhead() gives things in their order, and never has more open than the bounds allow', async () => {
  let open = 0;
  let most = 0;
  const given: number[] = [];
  const opened = readAhead(
    items,
    async (value) => {
      most = Math.max(most, (open += 1));
      await setTimeout(6 - value);
      open -= 1;
      return value * 10;
    },
    { itemsMax: 2, bytesMax: 6 },
  );
  for await (const [value, result] of opened) {
    assert.equal(result, value * 10);
    given.push(value);
  }
  assert.deepEqual(given, [0, 1, 2, 3, 4, 5]);
  assert.equal(most, 2);
});

test('readAhead() opens one thing at a time where each is larger than the bound', async () => {
  let open = 0;
  const opened = readAhead(
    items,
    async () => {
      assert.equal((open += 1), 1);
      await setTimeout(1);
      open -= 1;
    },
    { itemsMax: 9, bytesMax: 0 },
  );
  for await (const [value] of opened) assert.ok(value >= 0);
});

test('readAhead() ends with the first that cannot be opened, and not before the others are through', async () => {
  let through = 0;
  const opened = readAhead(
    items,
    async (value) => {
      if (value === 1) throw new Error('broken');
      await setTimeout(5);
      through += 1;
    },
    { itemsMax: 3, bytesMax: 99 },
  );
  const given: number[] = [];
  await assert.rejects(async () => {
    for await (const [value] of opened) given.push(value);
  }, /broken/);
  assert.deepEqual(given, [0]);
  assert.equal(through, 3);
});
