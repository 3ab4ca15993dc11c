import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Recipe } from '../catalog/catalog.ts';
import { digestOf } from '../digest.ts';
import { stepKey } from './step-key.ts';

const recipe: Recipe = {
  name: 'hello',
  recipe: 'hello',
  file: 'recipes/hello.yaml',
  version: '1.0.1',
  epoch: 0,
  format: 'apk',
  root: null,
  description: 'Says hello',
  license: 'Apache-2.0',
  architectures: ['amd64', 'arm64'],
  upstream: { purl: 'pkg:generic/hello', stream: '1.0', scheme: 'semver' },
  source: { kind: 'git', repository: 'file:///srv/hello.git', tag: 'v1.0.1', expectedCommit: 'a'.repeat(40) },
  patches: [{ file: 'patches/one.patch', fixes: [], digest: digestOf('one') }],
  steps: [{ name: 'build', runs: 'make' }],
  tests: [{ name: 'greets', runs: 'hello' }],
  environment: { A: '1', B: '2' },
  dependencies: [],
  provides: [],
  replaces: [],
  update: { enabled: true, stripPrefix: 'v', versionPrefix: '1.0.', ignore: [] },
};

test('stepKey() is the same: what does not reach the package differs', () => {
  const key = stepKey(recipe, 'amd64');
  assert.match(key, /^[0-9a-f]{64}$/);
  const same: readonly Partial<Recipe>[] = [
    { file: 'recipes/moved.yaml' },
    { architectures: ['amd64'] },
    { update: { ...recipe.update, enabled: false } },
    { environment: { B: '2', A: '1' } },
    { patches: [{ file: 'patches/renamed.patch', fixes: [], digest: digestOf('one') }] },
  ];
  for (const change of same) assert.equal(stepKey({ ...recipe, ...change }, 'amd64'), key, JSON.stringify(change));
});

test('stepKey() is the same wherever an archive is looked for, and another for another archive', () => {
  const source = { kind: 'debian', source: 'expat', version: '2.5.0', suites: ['sid'], expectedSha256: null } as const;
  const key = stepKey({ ...recipe, source }, 'amd64');
  assert.equal(stepKey({ ...recipe, source: { ...source, suites: ['trixie', 'sid'] } }, 'amd64'), key);
  assert.notEqual(stepKey({ ...recipe, source: { ...source, version: '2.6.0' } }, 'amd64'), key);
  assert.notEqual(stepKey({ ...recipe, source: { ...source, expectedSha256: 'a'.repeat(64) } }, 'amd64'), key);
  const root = { suites: ['bookworm'], packages: ['gcc'] };
  assert.notEqual(stepKey({ ...recipe, source, format: 'deb', root }, 'amd64'), key);
});

test('stepKey() differs: anything that reaches the package, and the rebuild counter', () => {
  const other: readonly Partial<Recipe>[] = [
    { version: '1.0.2' },
    { epoch: 1 },
    { source: { kind: 'git', repository: 'file:///srv/hello.git', tag: 'v1.0.1', expectedCommit: null } },
    { patches: [] },
    { patches: [{ file: 'patches/one.patch', fixes: [], digest: digestOf('two') }] },
    { patches: [{ file: 'patches/one.patch', fixes: ['CVE-2099-0001'], digest: digestOf('one') }] },
    { steps: [{ name: 'build', runs: 'make ' }] },
    { tests: [] },
    { environment: { A: '1', B: '3' } },
    { dependencies: ['ca-bundle'] },
  ];
  const keys = [recipe, ...other.map((change) => ({ ...recipe, ...change }))].flatMap((each) => [
    stepKey(each, 'amd64'),
    stepKey(each, 'arm64'),
  ]);
  assert.equal(new Set(keys).size, keys.length);
});
