import assert from 'node:assert/strict';
import { test } from 'node:test';
import { unmetDependencies } from './dependencies.ts';

const library = {
  name: 'libz',
  version: '1.3.1-r4',
  dependencies: [],
  provides: ['so:libz.so.1=1.3.1', 'compression', 'libz-compat=2.0'],
};

const rows: readonly (readonly [dependency: string, met: boolean])[] = [
  ['libz', true],
  ['libx', false],
  ['so:libz.so.1', true],
  ['so:libz.so.2', false],
  ['compression', true],
  ['compression=1', false],
  ['libz=1.3.1-r4', true],
  ['libz=1.3.1-r3', false],
  ['libz>1.3.1-r3', true],
  ['libz>1.3.1-r4', false],
  ['libz>=1.3.1-r4', true],
  ['libz<1.3.1-r5', true],
  ['libz<1.3.1-r4', false],
  ['libz<=1.3.1-r4', true],
  ['libz~1.3', true],
  ['libz~1.2', false],
  ['libz=~1.3.1', true],
  ['libz-compat>=2', true],
  ['libz-compat>=2.1', false],
  ['libz@edge', true],
  ['!libz', false],
  ['!libx', true],
  ['!libz<1.3', true],
  ['libz><Q1abc=', false],
];

for (const [dependency, met] of rows) {
  test(`unmetDependencies() of ${dependency} beside libz 1.3.1-r4: ${met ? 'met' : 'unmet'}`, () => {
    const app = { name: 'app', version: '1-r0', dependencies: [dependency], provides: [] };
    assert.deepEqual(
      unmetDependencies([app, library]).map((one) => [one.package, one.dependency]),
      met ? [] : [['app', dependency]],
    );
  });
}

test('unmetDependencies() lets a package exclude other providers of what it provides itself', () => {
  const app = { name: 'app', version: '1-r0', dependencies: ['!shell'], provides: ['shell'] };
  assert.deepEqual(unmetDependencies([app]), []);
  assert.equal(
    unmetDependencies([app, { name: 'dash', version: '1-r0', dependencies: [], provides: ['shell'] }]).length,
    1,
  );
});

test('unmetDependencies() names the versions that are there', () => {
  const app = { name: 'app', version: '1-r0', dependencies: ['libz>2'], provides: [] };
  assert.deepEqual(unmetDependencies([app, library]), [
    { package: 'app', dependency: 'libz>2', present: ['1.3.1-r4'] },
  ]);
});
