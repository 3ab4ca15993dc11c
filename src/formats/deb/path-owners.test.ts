import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { AvailablePackage } from '../../core/resolve/available-package.ts';
import type { PackageRelation } from '../../core/resolve/package-relation.ts';
import type { TarEntry } from '../tar/entry.ts';
import { type Claim, PathOwners } from './path-owners.ts';

const replacing = (name: string, operator: PackageRelation['operator'] = null, version = ''): PackageRelation => ({
  name,
  qualifier: null,
  operator,
  version,
});

const named = (name: string, rest: Partial<AvailablePackage> = {}): AvailablePackage => ({
  name,
  version: '1',
  architecture: 'amd64',
  multiArch: null,
  source: { name, version: '1' },
  essential: false,
  priority: 'optional',
  dependencies: [],
  conflicts: [],
  provides: [],
  replaces: [],
  suite: 'bookworm',
  file: { path: '', sizeBytes: 0, sha256: '' },
  ...rest,
});

/** Claims of one path by packages, one after the other. */
const claims = (...by: readonly (readonly [AvailablePackage, TarEntry['kind']])[]): readonly Claim[] => {
  const owners = new PathOwners();
  return by.map(([one, kind]) => owners.claim({ path: 'usr/x', kind }, one));
};

test('PathOwners lets packages share folders: that of the first counts', () => {
  assert.deepEqual(claims([named('a'), 'directory'], [named('b'), 'directory']), ['written', 'left']);
});

test('PathOwners has the file of the package that replaces the other, in whatever order they come', () => {
  const newer = named('new', { replaces: [replacing('old', '<<', '2')] });
  assert.deepEqual(claims([named('old'), 'file'], [newer, 'symlink']), ['written', 'in-place']);
  assert.deepEqual(claims([newer, 'file'], [named('old'), 'file']), ['written', 'left']);
});

test('PathOwners has the later of two that replace each other', () => {
  const one = named('one', { replaces: [replacing('other')] });
  const other = named('other', { replaces: [replacing('one')] });
  assert.deepEqual(claims([one, 'file'], [other, 'file']), ['written', 'in-place']);
});

for (const [what, one, other] of [
  ['two that say nothing of each other', [named('a'), 'file'], [named('b'), 'file']],
  [
    'Replaces of other versions',
    [named('a', { version: '2' }), 'file'],
    [named('b', { replaces: [replacing('a', '<<', '2')] }), 'file'],
  ],
  [
    'Replaces of a name that is only provided',
    [named('a', { provides: [{ name: 'v', version: null }] }), 'file'],
    [named('b', { replaces: [replacing('v')] }), 'file'],
  ],
  ['a folder over a file', [named('a'), 'file'], [named('b', { replaces: [replacing('a')] }), 'directory']],
  ['a file over a folder', [named('a'), 'directory'], [named('b', { replaces: [replacing('a')] }), 'file']],
] as const) {
  test(`PathOwners refuses: ${what}`, () => {
    assert.throws(() => claims(one, other), {
      code: 'E0401',
      message: 'Packages a and b cannot be in one root: both bring /usr/x',
    });
  });
}
