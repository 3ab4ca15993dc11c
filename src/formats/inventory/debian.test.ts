import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { TarEntry } from '../tar/entry.ts';
import { inventoryOf } from './inventory-of-layers.ts';
import { layerEvidence } from './layer-evidence.ts';

const file = (path: string, text: string): TarEntry => ({
  path,
  kind: 'file',
  mode: 0o644,
  uid: 0,
  gid: 0,
  mtime: 0,
  content: Buffer.from(text),
});

const libssl =
  'Package: libssl3\nStatus: install ok installed\nArchitecture: amd64\nSource: openssl\nVersion: 3.0.20-1~deb12u2\n\n';
const libgcc =
  'Package: libgcc-s1\nStatus: install ok installed\nArchitecture: amd64\nSource: gcc-12 (12.2.0-14)\nVersion: 12.2.0-14+b1\n\n';
const release = 'ID=debian\nVERSION_ID="12"\nVERSION_CODENAME=bookworm\n';

const inventory = (...layers: readonly (readonly TarEntry[])[]) => inventoryOf(layers.map(layerEvidence));

test('inventoryOf() knows the packages of dpkg by their source, in the release that the image says it is', () => {
  const { packages, components } = inventory([
    file('usr/lib/os-release', release),
    file('var/lib/dpkg/status', libssl + libgcc),
  ]);
  assert.deepEqual(
    packages.map(({ name, version, origin, originVersion }) => ({ name, version, origin, originVersion })),
    [
      { name: 'libgcc-s1', version: '12.2.0-14+b1', origin: 'gcc-12', originVersion: '12.2.0-14' },
      { name: 'libssl3', version: '3.0.20-1~deb12u2', origin: 'openssl', originVersion: undefined },
    ],
  );
  assert.deepEqual(components[0], {
    purl: 'pkg:deb/debian/libgcc-s1@12.2.0-14%2Bb1?arch=amd64&distro=debian-12',
    version: '12.2.0-14',
    scheme: 'deb',
    upstream: 'pkg:deb/debian/gcc-12',
    stream: '12',
    edge: 'is',
    package: 'libgcc-s1',
    patched: [],
  });
});

test('inventoryOf() adds up the records of images without dpkg, whatever layer they are in', () => {
  const { packages } = inventory(
    [file('etc/os-release', release), file('var/lib/dpkg/status.d/libssl3', libssl.replace(/Status.*\n/, ''))],
    [
      file('var/lib/dpkg/status.d/libgcc-s1', libgcc.replace(/Status.*\n/, '')),
      file('var/lib/dpkg/status.d/libgcc-s1.md5sums', 'd41d8cd98f00b204e9800998ecf8427e  usr/lib/x\n'),
    ],
  );
  assert.deepEqual(
    packages.map(({ name }) => name),
    ['libgcc-s1', 'libssl3'],
  );
});

test('inventoryOf() forgets the record that an upper layer takes away', () => {
  const { packages } = inventory(
    [file('etc/os-release', release), file('var/lib/dpkg/status.d/libssl3', libssl)],
    [file('var/lib/dpkg/status.d/.wh.libssl3', '')],
  );
  assert.deepEqual(packages, []);
});

test('inventoryOf() names the codename where a release has no number yet', () => {
  const { components } = inventory([
    file('etc/os-release', 'ID=debian\nVERSION_CODENAME=forky\n'),
    file('var/lib/dpkg/status', libssl),
  ]);
  assert.equal(components[0]?.stream, 'forky');
});
