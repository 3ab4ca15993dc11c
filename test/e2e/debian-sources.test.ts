import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openDeb } from '../../src/io/debian/open-deb.ts';
import { aptOr } from '../support/apt.ts';
import { differences, linesOfTree } from '../support/compared-trees.ts';
import { exampleSources } from '../support/example-sources.ts';
import { isolationOr } from '../support/isolation.ts';
import { temporaryFolder } from '../support/made-up-world.ts';

/** The slowest, curl with its own tests, takes minutes on two processors. */
const TIMEOUT_MS = 3_600_000;

const isLong = process.env['SUTURE_LONG'] === '1';

test('examples/debian-sources: every package builds from upstream’s archive, passes upstream’s tests, and comes out the same again', {
  timeout: TIMEOUT_MS,
  skip: isLong ? false : 'builds seven packages twice: SUTURE_LONG=1',
}, async (t) => {
  if (!(await aptOr(t)) || (await isolationOr(t, 'bubblewrap')) === undefined) return;
  const example = await exampleSources(temporaryFolder(t));
  const only = process.env['SUTURE_SOURCE'];
  for (const recipe of example.recipes.filter((name) => only === undefined || name === only)) {
    await t.test(recipe, async (t) => {
      const first = await example.build(recipe);
      const second = await example.build(recipe);
      t.diagnostic(
        `${recipe} ${first.built.version}: ${first.wallSeconds.toFixed(1)} s, again ${second.wallSeconds.toFixed(1)} s`,
      );
      assert.equal(first.built.testsRun, 1);
      assert.equal(first.built.isolation, 'bubblewrap');
      assert.deepEqual(await differencesOf(first.deb, second.deb), []);
      assert.equal(first.built.digest, second.built.digest);
    });
  }
});

/** Where two packages differ, file by file; what differs elsewhere in them only their digests tell. */
async function differencesOf(one: Uint8Array, other: Uint8Array): Promise<readonly string[]> {
  const [first, second] = await Promise.all([openDeb(one, 'first'), openDeb(other, 'second')]);
  return differences(linesOfTree(first.files), linesOfTree(second.files));
}
