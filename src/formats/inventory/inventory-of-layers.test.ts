import assert from 'node:assert/strict';
import { test } from 'node:test';
import { encodeEmbeddedFacts } from '../apk/embedded-facts.ts';
import { inventoryOf } from './inventory-of-layers.ts';
import { layerEvidence } from './layer-evidence.ts';
import type { Component } from '../../core/match/inventory.ts';
import type { TarEntry } from '../tar/entry.ts';

const plain = { mode: 0o644, uid: 0, gid: 0, mtime: 0 };
const file = (path: string, content: string | Uint8Array = ''): TarEntry => ({
  ...plain,
  path,
  kind: 'file',
  content: Buffer.from(content),
});
const database = (...packages: readonly string[]) =>
  file(
    'usr/lib/apk/db/installed',
    packages
      .map(
        (one) =>
          `P:${one.split('=')[0]}\nV:${one.split('=')[1]}\nA:x86_64\no:origin-of-${one.split('=')[0]}\nL:MIT\n\n`,
      )
      .join(''),
  );

const component: Component = {
  purl: 'pkg:generic/hello@1.0.1',
  version: '1.0.1',
  scheme: 'semver',
  upstream: 'pkg:generic/hello',
  stream: '1.0',
  edge: 'is',
  package: 'hello',
  patched: ['CVE-2026-1'],
};
const document = file(
  'var/lib/db/sbom/hello-1.0.1-r0.spdx.json',
  encodeEmbeddedFacts({ name: 'hello', version: '1.0.1-r0', license: 'MIT', builtAt: 0, components: [component] }),
);
const inventory = (...layers: readonly (readonly TarEntry[])[]) => inventoryOf(layers.map(layerEvidence));

test('inventoryOf() reads packages from the database and components from the documents inside', () => {
  assert.deepEqual(inventory([document], [database('hello=1.0.1-r0')]), {
    packages: [
      { name: 'hello', version: '1.0.1-r0', architecture: 'x86_64', origin: 'origin-of-hello', license: 'MIT' },
    ],
    components: [component],
  });
});

test('inventoryOf() takes the package itself where no document speaks, in the distribution that os-release names', () => {
  const release = file('etc/os-release', 'NAME="X"\nID="wolfi"\n');
  assert.deepEqual(inventory([release, database('hello=2.1~git3-r0')]).components, [
    {
      purl: 'pkg:apk/wolfi/hello@2.1~git3-r0?arch=x86_64',
      version: '2.1~git3-r0',
      scheme: 'apk',
      upstream: 'pkg:apk/wolfi/origin-of-hello',
      stream: '2',
      edge: 'is',
      package: 'hello',
      patched: [],
      alsoNamed: ['pkg:apk/wolfi/hello'],
    },
  ]);
});

test('inventoryOf() streams of packages without facts: same major, below 1.0 same minor', () => {
  const streams = (version: string) => inventory([database(`a=${version}`)]).components[0]?.stream;
  assert.deepEqual(['1.25.3-r1', '3-r0', '0.9.8-r0', '0.10_rc1-r0', '9e-r5', '20240101-r0'].map(streams), [
    '1',
    '3',
    '0.9',
    '0.10',
    '9',
    '20240101',
  ]);
});

test('inventoryOf() counts only documents of packages that are installed in that version', () => {
  const components = inventory([document], [database('hello=1.0.2-r0')]).components;
  assert.deepEqual(
    components.map((one) => one.purl),
    ['pkg:apk/suture/hello@1.0.2-r0?arch=x86_64'],
  );
});

const gone: readonly (readonly [string, TarEntry])[] = [
  ['a whiteout of the database', file('usr/lib/apk/db/.wh.installed')],
  ['a whiteout of a folder above it', file('usr/lib/.wh.apk')],
  ['an opaque folder above it', file('usr/lib/.wh..wh..opq')],
  ['an opaque root', file('.wh..wh..opq')],
  ['a link in the place of a folder above it', { ...plain, path: 'usr/lib', kind: 'symlink', linkTarget: 'x' }],
];

for (const [what, entry] of gone) {
  test(`inventoryOf() honours ${what}`, () => {
    assert.deepEqual(inventory([document, database('hello=1.0.1-r0')], [entry]), { packages: [], components: [] });
    assert.equal(inventory([database('old=1-r0')], [entry, database('new=1-r0')]).packages[0]?.name, 'new');
  });
}

test('inventoryOf() honours a whiteout of a document', () => {
  const without = inventory(
    [document, database('hello=1.0.1-r0')],
    [file('var/lib/db/sbom/.wh.hello-1.0.1-r0.spdx.json')],
  );
  assert.equal(without.components[0]?.scheme, 'apk');
});

test('inventoryOf() takes the database of the topmost layer, wherever the image keeps it', () => {
  assert.equal(inventory([database('a=1-r0')], [database('b=1-r0')]).packages[0]?.name, 'b');
  assert.equal(inventory([{ ...database('c=1-r0'), path: 'lib/apk/db/installed' }]).packages[0]?.name, 'c');
});

test('layerEvidence() is a plain value: it survives being kept as JSON', () => {
  const evidence = layerEvidence([document, database('hello=1.0.1-r0'), file('usr/.wh.lib')]);
  assert.deepEqual(JSON.parse(JSON.stringify(evidence)), evidence);
});
