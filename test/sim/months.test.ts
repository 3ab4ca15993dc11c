import { test } from 'node:test';
import { liveThrough } from './months.ts';
import { scriptFrom } from './script.ts';

/** `SUTURE_SEED=4711` replays one history; `npm run test:long` lives through ten thousand. */
const only = process.env['SUTURE_SEED'];
const seeds =
  only === undefined
    ? Array.from({ length: process.env['SUTURE_LONG'] === '1' ? 10_000 : 200 }, (_, index) => index + 1)
    : [Number(only)];

const GROUP = 25;
for (let first = 0; first < seeds.length; first += GROUP) {
  const group = seeds.slice(first, first + GROUP);
  test(`two months keep the promise's rules (seeds ${group[0]} to ${group.at(-1)})`, async () => {
    for (const seed of group) {
      try {
        await liveThrough(scriptFrom(seed));
      } catch (error) {
        throw new Error(`seed ${seed} failed; replay it with SUTURE_SEED=${seed}`, { cause: error });
      }
    }
  });
}
