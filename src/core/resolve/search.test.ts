import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { literalPackage, literalPool } from '../../../test/support/literal-packages.ts';
import { combinePools } from './combine-pools.ts';
import { resolve } from './resolve.ts';
import type { AvailablePackage } from './available-package.ts';
import type { PackageRelation } from './package-relation.ts';

/** Small worlds of packages a to e in versions 1 to 3, some providing v or w. */
const names = ['a', 'b', 'c', 'd', 'e'];
const relation = fc
  .tuple(
    fc.constantFrom(...names, 'v', 'w'),
    fc.constantFrom('', '', '<<', '<=', '=', '>=', '>>'),
    fc.constantFrom('1', '2', '3'),
  )
  .map(([name, operator, version]) => (operator === '' ? name : `${name} (${operator} ${version})`));
const provided = fc.constantFrom('v', 'w', 'v (= 1)', 'w (= 2)');
const worlds = fc
  .array(
    fc.record({
      name: fc.constantFrom(...names),
      version: fc.constantFrom('1', '2', '3'),
      depends: fc.array(fc.array(relation, { minLength: 1, maxLength: 3 }), { maxLength: 3 }),
      conflicts: fc.array(relation, { maxLength: 1 }),
      provides: fc.array(provided, { maxLength: 1 }),
    }),
    { minLength: 1, maxLength: 9 },
  )
  .map((rows) =>
    [...new Map(rows.map((row) => [`${row.name} ${row.version}`, row]))].map(([nameAndVersion, row]) =>
      literalPackage(nameAndVersion, {
        depends: row.depends.map((group) => group.join(' | ')).join(','),
        conflicts: row.conflicts.join(','),
        provides: row.provides.join(','),
      }),
    ),
  );
const wishes = fc.uniqueArray(fc.constantFrom(...names), { minLength: 1, maxLength: 3 });

test('resolve() answers with a sound set whenever there is one, and only then', () => {
  fc.assert(
    fc.property(worlds, wishes, (packages, wanted) => {
      const resolution = solve(packages, wanted);
      const has = (set: readonly AvailablePackage[]) => wanted.every((name) => set.some((one) => one.name === name));
      if (resolution.kind === 'resolved') {
        assert.deepEqual(faultsOf(resolution.packages), []);
        assert.ok(has(resolution.packages));
      } else {
        assert.ok(resolution.reasons.length > 0);
        const sound = allSets(packages).filter((set) => has(set) && faultsOf(set).length === 0);
        // A wish that only a provider fulfils is looked up by name; it is not in these sets.
        assert.deepEqual(
          sound.map((set) => set.map(nameOf)),
          [],
        );
      }
    }),
    { numRuns: 500 },
  );
});

test('resolve() holds nothing that nobody needs', () => {
  fc.assert(
    fc.property(worlds, wishes, (packages, wanted) => {
      const resolution = solve(packages, wanted);
      if (resolution.kind === 'impossible') return;
      for (const one of resolution.packages.filter(({ name }) => !wanted.includes(name))) {
        const asked = resolution.packages.some((other) => other.dependencies.some((group) => meetsAny([one], group)));
        assert.ok(asked, nameOf(one));
      }
    }),
  );
});

test('resolve() gives the same answer to the same wishes and packages in another order', () => {
  const shuffled = fc
    .tuple(worlds, wishes)
    .chain(([packages, wanted]) =>
      fc.tuple(
        fc.constant({ packages, wanted }),
        fc.shuffledSubarray(packages, { minLength: packages.length }),
        fc.shuffledSubarray(wanted, { minLength: wanted.length }),
      ),
    );
  fc.assert(
    fc.property(shuffled, ([{ packages, wanted }, packagesAgain, wantedAgain]) => {
      assert.deepEqual(solve(packagesAgain, wantedAgain), solve(packages, wanted));
    }),
  );
});

test('resolve() never takes an excluded package, and reports only excluded ones as passed over', () => {
  fc.assert(
    fc.property(worlds, wishes, fc.nat({ max: 2 ** 15 }), (packages, wanted, mask) => {
      const excluded = new Set(packages.filter((_, index) => (mask & (1 << index)) !== 0));
      const resolution = solve(packages, wanted, (one) => excluded.has(one));
      if (resolution.kind === 'impossible') return;
      assert.ok(!resolution.packages.some((one) => excluded.has(one)));
      assert.deepEqual(faultsOf(resolution.packages), []);
      for (const { package: one, by } of resolution.passedOver) {
        assert.ok(excluded.has(one));
        if (by !== null)
          assert.ok(by.name === one.name && resolution.packages.includes(by) && by.version < one.version);
      }
    }),
  );
});

function solve(
  packages: readonly AvailablePackage[],
  wanted: readonly string[],
  excluded: (one: AvailablePackage) => boolean = () => false,
) {
  const wish = wanted.map((name) => ({ name, bound: null }));
  return resolve(wish, combinePools([literalPool(packages)]), { architecture: 'amd64', excluded });
}

/** What is wrong with a set, judged without any code of the resolver: versions here are single digits. */
function faultsOf(set: readonly AvailablePackage[]): string[] {
  const twice = set.filter((one, index) => set.findIndex((other) => other.name === one.name) !== index);
  const unmet = set.flatMap((one) =>
    one.dependencies.filter((group) => !meetsAny(set, group)).map((group) => `${nameOf(one)} lacks ${group[0]?.name}`),
  );
  const clashes = set.flatMap((one) =>
    set
      .filter((other) => other.name !== one.name && meetsAny([other], one.conflicts))
      .map((other) => `${nameOf(one)} conflicts with ${nameOf(other)}`),
  );
  return [...twice.map((one) => `${nameOf(one)} is there twice`), ...unmet, ...clashes];
}

function meetsAny(set: readonly AvailablePackage[], relations: readonly PackageRelation[]): boolean {
  return relations.some(({ name, operator, version }) =>
    set.some((one) =>
      [{ name: one.name, version: one.version }, ...one.provides].some(
        (answer) =>
          answer.name === name &&
          (operator === null || (answer.version !== null && holds(answer.version, operator, version))),
      ),
    ),
  );
}

function holds(left: string, operator: string, right: string): boolean {
  const difference = Number(left) - Number(right);
  if (difference === 0) return operator.includes('=');
  return operator.startsWith(difference < 0 ? '<' : '>');
}

/** Every way to take at most one version of each name. */
function allSets(packages: readonly AvailablePackage[]): readonly (readonly AvailablePackage[])[] {
  return names.reduce<readonly (readonly AvailablePackage[])[]>(
    (sets, name) => {
      const versions = packages.filter((one) => one.name === name);
      return sets.flatMap((set) => [set, ...versions.map((one) => [...set, one])]);
    },
    [[]],
  );
}

function nameOf(one: AvailablePackage): string {
  return `${one.name} ${one.version}`;
}
