import assert from 'node:assert/strict';
import { test } from 'node:test';
import { encodeEmbeddedFacts } from '../apk/embedded-facts.ts';
import { inventoryOf } from './inventory-of-layers.ts';
import { layerEvidence } from './layer-evidence.ts';
import type { TarEntry } from '../tar/entry.ts';

const plain = { mode: 0o644, uid: 0, gid: 0, mtime: 0 };
const file = (path: string, text = ''): TarEntry => ({ ...plain, path, kind: 'file', content: Buffer.from(text) });
const metadata = (path: string, name: string, version: string) =>
  file(path, `Metadata-Version: 2.1\nName: ${name}\nVersion: ${version}\n\n`);
const dpkg = (name: string, ...paths: readonly string[]) => [
  file('var/lib/dpkg/status', `Package: ${name}\nStatus: install ok installed\nArchitecture: all\nVersion: 1\n\n`),
  file(`var/lib/dpkg/info/${name}:amd64.list`, `/.\n${paths.map((path) => `/${path}\n`).join('')}`),
];
const pipAt = 'usr/lib/python3/dist-packages/pip-23.0.1.dist-info/METADATA';
const loose = (...layers: readonly (readonly TarEntry[])[]) =>
  inventoryOf(layers.map(layerEvidence)).components.flatMap(({ purl, edge, package: owner, ownedBy, location }) =>
    edge === 'is' ? [] : [[purl, owner, ownedBy, location]],
  );

test('inventoryOf() tells which package of the distribution owns the file of a component', () => {
  assert.deepEqual(
    loose([
      ...dpkg('python3-pip', pipAt),
      metadata(pipAt, 'pip', '23.0.1'),
      metadata('opt/a.dist-info/METADATA', 'a', '1'),
    ]),
    [
      ['pkg:pypi/a@1', '', undefined, 'opt/a.dist-info/METADATA'],
      ['pkg:pypi/pip@23.0.1', 'python3-pip', 'python3-pip', pipAt],
    ],
  );
});

test('inventoryOf() knows owners by the database of apk, and by the sums of images without dpkg', () => {
  const apk = file(
    'lib/apk/db/installed',
    `P:py3-pip\nV:23-r0\nA:noarch\nF:${pipAt.replace('/METADATA', '')}\nR:METADATA\n\n`,
  );
  assert.equal(loose([apk, metadata(pipAt, 'pip', '23.0.1')])[0]?.[2], 'py3-pip');
  const sums = [
    file('var/lib/dpkg/status.d/python3-pip', 'Package: python3-pip\nVersion: 23\n\n'),
    file('var/lib/dpkg/status.d/python3-pip.md5sums', `d41d8cd98f00b204e9800998ecf8427e  ${pipAt}\n`),
  ];
  assert.equal(loose([...sums, metadata(pipAt, 'pip', '23.0.1')])[0]?.[2], 'python3-pip');
});

test('inventoryOf() takes paths for the same with and without merged /usr', () => {
  const at = 'usr/lib/x.dist-info/METADATA';
  assert.equal(loose([...dpkg('x', at.slice(4)), metadata(at, 'x', '1')])[0]?.[2], 'x');
});

test('inventoryOf() lets nobody own what a later layer put in the place of a package’s file', () => {
  const layers = [[...dpkg('python3-pip', pipAt), metadata(pipAt, 'pip', '23.0.1')], [metadata(pipAt, 'pip', '24.0')]];
  assert.deepEqual(loose(...layers), [['pkg:pypi/pip@24.0', '', undefined, pipAt]]);
  // The package manager's own upgrade writes the list anew.
  const upgraded = [...layers, [...dpkg('python3-pip', pipAt), metadata(pipAt, 'pip', '24.1')]];
  assert.equal(loose(...upgraded)[0]?.[2], 'python3-pip');
});

test('inventoryOf() lets no package own anything that is not installed', () => {
  const gone = file('var/lib/dpkg/status', 'Package: x\nStatus: install ok installed\nVersion: 1\n\n');
  assert.equal(loose([...dpkg('python3-pip', pipAt), metadata(pipAt, 'pip', '1')], [gone])[0]?.[2], undefined);
});

test('inventoryOf() forgets components that upper layers took away or replaced', () => {
  const below = [metadata('app/a.dist-info/METADATA', 'a', '1'), metadata('app/b.dist-info/METADATA', 'b', '1')];
  assert.deepEqual(
    loose(below, [file('app/.wh.a.dist-info')]).map(([purl]) => purl),
    ['pkg:pypi/b@1'],
  );
  assert.deepEqual(loose(below, [file('app/.wh..wh..opq')]), []);
  assert.deepEqual(loose(below, [{ ...plain, path: 'app', kind: 'symlink', linkTarget: 'x' }]), []);
  assert.deepEqual(
    loose(below, [file('app/a.dist-info/METADATA', 'nothing')]).map(([purl]) => purl),
    ['pkg:pypi/b@1'],
  );
});

test('inventoryOf() has a component once for each package, at the first of its places', () => {
  const twice = [metadata('b/a.dist-info/METADATA', 'a', '1'), metadata('a/a.dist-info/METADATA', 'a', '1')];
  assert.deepEqual(loose(twice), [['pkg:pypi/a@1', '', undefined, 'a/a.dist-info/METADATA']]);
});

test('inventoryOf() believes a package’s own document more than its files', () => {
  const component = {
    purl: 'pkg:pypi/pip@23.0.1',
    version: '23.0.1',
    scheme: 'pypi',
    upstream: 'pkg:pypi/pip',
    stream: '23',
    edge: 'static',
    package: 'py3-pip',
    patched: ['CVE-2026-1'],
  } as const;
  const document = encodeEmbeddedFacts({
    name: 'py3-pip',
    version: '1-r0',
    license: '',
    builtAt: 0,
    components: [component],
  });
  const folder = pipAt.replace('/METADATA', '');
  const { components } = inventoryOf([
    layerEvidence([
      file('lib/apk/db/installed', `P:py3-pip\nV:1-r0\nA:noarch\nF:${folder}\nR:METADATA\n\n`),
      file('var/lib/db/sbom/py3-pip-1-r0.spdx.json', Buffer.from(document).toString()),
      metadata(pipAt, 'pip', '23.0.1'),
    ]),
  ]);
  assert.deepEqual(components, [component]);
});

test('inventoryOf() of Alpine names the release that its advisories speak of', () => {
  const stream = (release: string) =>
    inventoryOf([
      layerEvidence([
        file('etc/os-release', `ID=alpine\nVERSION_ID=${release}\n`),
        file('lib/apk/db/installed', 'P:musl\nV:1.2.5-r0\nA:x86_64\n\n'),
      ]),
    ]).components[0];
  assert.equal(stream('3.20.3')?.stream, '3.20');
  assert.equal(stream('3.20.3')?.purl, 'pkg:apk/alpine/musl@1.2.5-r0?arch=x86_64&distro=alpine-3.20');
  assert.equal(stream('3.21_alpha20240807')?.stream, 'edge');
});

test('layerEvidence() names what it cannot read, and goes on', () => {
  const evidence = layerEvidence([
    file('app/node_modules/bad/package.json', '{'),
    file('app/node_modules/good/package.json', '{"name":"good","version":"1.0.0"}'),
    file('app/bad.jar', 'no zip'),
  ]);
  assert.deepEqual(evidence.unread, ['app/node_modules/bad/package.json', 'app/bad.jar']);
  assert.deepEqual(Object.keys(evidence.found), ['app/node_modules/good/package.json']);
  assert.deepEqual(JSON.parse(JSON.stringify(evidence)), evidence);
});
