import assert from 'node:assert/strict';
import { test } from 'node:test';
import { layerEvidence } from './layer-evidence.ts';
import { layerOfComponent } from './layer-of-component.ts';

const dpkg = 'var/lib/dpkg/status';
const metadata = 'opt/a.dist-info/METADATA';
const python = 'Metadata-Version: 2.1\nName: a\nVersion: 1\n\n';

test('layerOfComponent() is the layer that holds the file, or the lowest since which the package is as it is', () => {
  const cases: readonly Case[] = [
    ['listed from the first on', [{ [dpkg]: deb('x 1') }, { [dpkg]: deb('x 1', 'y 1') }], { package: 'x' }, 0],
    ['added later', [{ [dpkg]: deb('x 1') }, {}, { [dpkg]: deb('x 1', 'y 1') }], { package: 'y' }, 2],
    ['updated', [{ [dpkg]: deb('x 1') }, { [dpkg]: deb('x 2') }, { [dpkg]: deb('x 2', 'y 1') }], { package: 'x' }, 1],
    [
      'taken away and back',
      [{ [dpkg]: deb('x 1') }, { [dpkg]: deb('y 1') }, { [dpkg]: deb('x 1') }],
      { package: 'x' },
      2,
    ],
    ['one record a package', [{ [`${dpkg}.d/x`]: deb('x 1') }, { [`${dpkg}.d/y`]: deb('y 1') }], { package: 'x' }, 0],
    ['a file', [{ [metadata]: python }, {}], { package: '', location: metadata }, 0],
    ['a file again', [{ [metadata]: python }, { [metadata]: python }], { package: '', location: metadata }, 1],
    ['a file in a file', [{}, { [metadata]: python }], { package: '', location: `${metadata}!/in/b.jar` }, 1],
    ['nobody tells', [{ [dpkg]: deb('x 1') }], { package: 'z', location: 'somewhere' }, undefined],
    ['a name of every object', [{ [dpkg]: deb('x 1') }], { package: '', location: 'constructor' }, undefined],
  ];
  for (const [what, layers, component, expected] of cases) {
    assert.equal(layerOfComponent(layers.map(evidence))(component), expected, what);
  }
});

type Case = readonly [
  what: string,
  layers: readonly Readonly<Record<string, string>>[],
  component: { readonly package: string; readonly location?: string },
  layer: number | undefined,
];

function deb(...packages: readonly string[]): string {
  return packages
    .map((one) => one.split(' '))
    .map(([name, version]) => `Package: ${name}\nStatus: install ok installed\nVersion: ${version}\n\n`)
    .join('');
}

function evidence(files: Readonly<Record<string, string>>) {
  return layerEvidence(
    Object.entries(files).map(([path, text]) => {
      return { path, kind: 'file', mode: 0o644, uid: 0, gid: 0, mtime: 0, content: Buffer.from(text) };
    }),
  );
}
