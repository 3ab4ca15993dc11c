import assert from 'node:assert/strict';
import { test } from 'node:test';
import { mergeLayers } from './merge-layers.ts';

type Kind = 'file' | 'directory' | 'symlink';
const dir = (path: string) => ({ path, kind: 'directory' as Kind, from: 0 });
const file = (path: string, from = 0) => ({ path, kind: 'file' as Kind, from });
const link = (path: string) => ({ path, kind: 'symlink' as Kind, from: 0 });
const paths = (layers: Parameters<typeof mergeLayers>[0]) => mergeLayers(layers).map((entry) => entry.path);

const rows = [
  { what: 'layers add up', layers: [[dir('a'), file('a/x')], [file('a/y')]], tree: ['a', 'a/x', 'a/y'] },
  { what: 'a whiteout takes a file away', layers: [[file('a'), file('b')], [file('.wh.a')]], tree: ['b'] },
  {
    what: 'a whiteout takes a folder with all that it holds',
    layers: [[dir('a'), file('a/x'), file('ab')], [file('.wh.a')]],
    tree: ['ab'],
  },
  {
    what: 'an opaque folder hides what lay below',
    layers: [
      [dir('a'), file('a/x')],
      [dir('a'), file('a/.wh..wh..opq'), file('a/y')],
    ],
    tree: ['a', 'a/y'],
  },
  { what: 'an opaque root hides everything', layers: [[file('x')], [file('.wh..wh..opq'), file('y')]], tree: ['y'] },
  {
    what: 'a whiteout leaves what its own layer brings',
    layers: [[file('a')], [file('.wh.a'), file('a', 1)]],
    tree: ['a'],
  },
  { what: 'a link in the place of a folder takes it all', layers: [[dir('a'), file('a/x')], [link('a')]], tree: ['a'] },
  { what: 'a folder over a folder keeps it', layers: [[dir('a'), file('a/x')], [dir('a')]], tree: ['a', 'a/x'] },
  { what: 'a whiteout of nothing is nothing', layers: [[file('.wh.a')]], tree: [] },
];

for (const { what, layers, tree } of rows) {
  test(`mergeLayers(): ${what}`, () => assert.deepEqual(paths(layers), tree));
}

test('mergeLayers(): the upper file counts, folders come before what they hold', () => {
  assert.deepEqual(
    mergeLayers([[file('b/x', 1), dir('b'), file('b-c')], [file('b/x', 2)]]).map((entry) => [entry.path, entry.from]),
    [
      ['b', 0],
      ['b/x', 2],
      ['b-c', 0],
    ],
  );
});
