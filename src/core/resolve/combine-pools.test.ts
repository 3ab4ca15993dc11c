import assert from 'node:assert/strict';
import { test } from 'node:test';
import { literalPackage, literalPool } from '../../../test/support/literal-packages.ts';
import { combinePools } from './combine-pools.ts';
import type { AvailablePackage } from './available-package.ts';

const main = literalPool([
  literalPackage('expat 2.5.0-1', { suite: 'main', provides: 'xml-parser' }),
  literalPackage('zlib1g 1:1.2.13-1', { suite: 'main' }),
]);
const security = literalPool([
  literalPackage('expat 2.5.0-1+deb12u2', { suite: 'security', provides: 'xml-parser' }),
  literalPackage('expat 2.5.0-1', { suite: 'security' }),
]);

test('combinePools() has own packages first, then the newest, then the earlier pool', () => {
  const own = [literalPackage('expat 2.4.9-1suture1', { suite: 'own' })];
  const pool = combinePools([main, security], own);
  assert.deepEqual(pool.named('expat').map(shown), [
    'expat 2.4.9-1suture1 own',
    'expat 2.5.0-1+deb12u2 security',
    'expat 2.5.0-1 main',
    'expat 2.5.0-1 security',
  ]);
  assert.deepEqual(pool.named('zlib1g').map(shown), ['zlib1g 1:1.2.13-1 main']);
  assert.deepEqual(pool.named('nothing'), []);
});

test('combinePools() has own packages first when a pool holds them, too', () => {
  const mixed = literalPool([
    literalPackage('expat 2.6.0-1', { suite: 'sid' }),
    literalPackage('expat 2.4.9-1suture1', { suite: 'own' }),
  ]);
  assert.deepEqual(combinePools([mixed]).named('expat').map(shown), ['expat 2.4.9-1suture1 own', 'expat 2.6.0-1 sid']);
});

test('combinePools() knows who provides a name, of all pools, and answers with the same packages each time', () => {
  const own = [literalPackage('own-xml 1', { suite: 'own', provides: 'xml-parser' })];
  const pool = combinePools([main, security], own);
  assert.deepEqual(pool.providing('xml-parser').map(shown), [
    'own-xml 1 own',
    'expat 2.5.0-1 main',
    'expat 2.5.0-1+deb12u2 security',
  ]);
  assert.equal(pool.providing('xml-parser'), pool.providing('xml-parser'));
  assert.equal(pool.named('expat'), pool.named('expat'));
});

function shown(one: AvailablePackage): string {
  return `${one.name} ${one.version} ${one.suite}`;
}
