import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { chanceFrom } from '../../src/factory/replay/chance.ts';
import { copyOfRoot, readWorld, suture, temporaryFolder } from '../support/made-up-world.ts';
import { assertSameEnd } from '../support/same-end.ts';

/** Real processes, ended by a real SIGKILL after a durable write, in the very folder in which they go on. */

const every = process.env['SUTURE_LONG'] === '1' || process.env['SUTURE_CRASH_ALL'] === '1';
const SAMPLE = 6;
const KILLS = 20;
const SEED = 20260302;

test('demo killed after a durable write goes on to the same images, facts and standings', async (t) => {
  const scratch = temporaryFolder(t);
  const prepared = join(scratch, 'prepared');
  const world = join(scratch, 'world');
  const demo = ['demo', '--exit', '--dir', world];
  // The first durable write is the build root, which the others share.
  const { signal } = await suture(['demo', '--exit', '--dir', prepared], { env: { SUTURE_CRASH_AT: '1' } });
  assert.equal(signal, 'SIGKILL');
  await copyOfRoot(prepared, world);
  const { exitCode, err } = await suture(demo, { env: { SUTURE_CRASH_COUNT: '1' } });
  assert.equal(exitCode, 0, err);
  const writes = Number(/durable writes: (\d+)/.exec(err)?.[1]);
  assert.ok(writes > 100, err);
  const whole = await readWorld(world);

  for (const point of every ? Array.from({ length: writes }, (_, index) => index + 1) : sample(writes)) {
    await t.test(`after write ${point} of ${writes}`, async () => {
      await copyOfRoot(prepared, world);
      const killed = await suture(demo, { env: { SUTURE_CRASH_AT: String(point) } });
      assert.equal(killed.signal, 'SIGKILL', killed.err);
      const again = await suture(demo);
      assert.equal(again.exitCode, 0, again.err);
      assertSameEnd(await readWorld(world), whole, `after write ${point}`);
    });
  }

  if (process.env['SUTURE_LONG'] !== '1') return;
  const chance = chanceFrom(SEED);
  for (let kill = 1; kill <= KILLS; kill += 1) {
    const killAfterMs = 200 + chance.below(6000);
    await t.test(`killed ${killAfterMs} ms after its start`, async () => {
      await copyOfRoot(prepared, world);
      await suture(demo, { killAfterMs });
      const again = await suture(demo);
      assert.equal(again.exitCode, 0, again.err);
      assertSameEnd(await readWorld(world), whole, `killed after ${killAfterMs} ms`);
    });
  }
});

/** One in each of equal stretches, so that every part of the story is met. */
function sample(writes: number): readonly number[] {
  const chance = chanceFrom(SEED);
  const stretch = writes / SAMPLE;
  return Array.from({ length: SAMPLE }, (_, index) => 1 + Math.floor((index + chance.next()) * stretch));
}
