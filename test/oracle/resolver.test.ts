import assert from 'node:assert/strict';
import { test } from 'node:test';
import { combinePools } from '../../src/core/resolve/combine-pools.ts';
import { resolve } from '../../src/core/resolve/resolve.ts';
import { packagesIndex } from '../../src/formats/deb/packages-index.ts';
import { privateApt } from '../support/private-apt.ts';
import { packageSets } from './package-sets.ts';

/** How many sets of a hundred must be the ones that apt picks, to the version. In the small sample one may differ. */
const AGREEMENT_PERCENT_MIN = 98;

/** What apt picks otherwise, and why that is so. Suites change under our feet, so the rate alone is asserted. */
const KNOWN_DIFFERENCES: Readonly<Record<string, string>> = {
  'php8.2-uuid': 'several packages of equal rank provide phpapi-20220829; apt takes the one its lists mention last',
};

const sets = process.env['SUTURE_LONG'] === '1' ? packageSets : packageSets.filter((_, index) => index % 10 === 0);

test(`resolve() picks what apt-get picks on an empty system: ${sets.length} sets`, async (t) => {
  const apt = await privateApt(t);
  if (apt === undefined) return;
  const { architecture } = apt;
  if (architecture !== 'amd64' && architecture !== 'arm64') return t.skip(`skipped: no lists for ${architecture}`);
  const pool = combinePools(apt.lists.map(({ bytes, suite }) => packagesIndex(bytes, { suite, at: suite })));
  const ours = (names: readonly string[]): readonly string[] | null => {
    const wanted = names.map((name) => ({ name, bound: null }));
    const resolution = resolve(wanted, pool, { architecture });
    return resolution.kind === 'resolved' ? resolution.packages.map((one) => `${one.name}=${one.version}`) : null;
  };
  const differences: string[] = [];
  const waiting = [...sets];
  const compare = async (): Promise<void> => {
    for (let set = waiting.shift(); set !== undefined; set = waiting.shift()) {
      const names = set.split(' ').toSorted();
      const difference = differenceOf(ours(names), await apt.install(names));
      if (difference !== '') differences.push(`${set}: ${difference} (${KNOWN_DIFFERENCES[set] ?? 'not explained'})`);
    }
  };
  await Promise.all([compare(), compare()]);
  for (const difference of differences) t.diagnostic(difference);
  const percent = (100 * (sets.length - differences.length)) / sets.length;
  t.diagnostic(`${percent.toFixed(1)} % of ${sets.length} sets are equal`);
  const allowed = Math.ceil((sets.length * (100 - AGREEMENT_PERCENT_MIN)) / 100);
  assert.ok(differences.length <= allowed, differences.join('\n'));
});

function differenceOf(ours: readonly string[] | null, apts: readonly string[] | null): string {
  if (ours === null || apts === null)
    return ours === apts ? '' : ours === null ? 'only apt finds one' : 'apt finds none';
  const more = ours.filter((one) => !apts.includes(one));
  const fewer = apts.filter((one) => !ours.includes(one));
  return [...more.map((one) => `+${one}`), ...fewer.map((one) => `-${one}`)].join(' ');
}
