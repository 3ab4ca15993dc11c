import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseDependencies, parseProvides, parseRelations } from './relations.ts';
import type { Dependency, PackageRelation } from '../../core/resolve/package-relation.ts';

const any = (name: string, qualifier: string | null = null): PackageRelation => ({
  name,
  qualifier,
  operator: null,
  version: '',
});
const bound = (name: string, operator: PackageRelation['operator'], version: string): PackageRelation => ({
  name,
  qualifier: null,
  operator,
  version,
});

for (const [text, expected] of [
  ['', []],
  ['  \n', []],
  ['libc6', [[any('libc6')]]],
  ['libc6 (>= 2.36), libgcc-s1 (<<1:13~)', [[bound('libc6', '>=', '2.36')], [bound('libgcc-s1', '<<', '1:13~')]]],
  ['default-mta | mail-transport-agent', [[any('default-mta'), any('mail-transport-agent')]]],
  ['python3:any(=3.11.2-1+b1)', [[{ ...bound('python3', '=', '3.11.2-1+b1'), qualifier: 'any' }]]],
  ['a0 (< 1), b0 (> 1), c0 (>> 1)', [[bound('a0', '<=', '1')], [bound('b0', '>=', '1')], [bound('c0', '>>', '1')]]],
  [
    'debhelper-compat (= 13),\n gcc:native [amd64 !i386] <!nocheck> <cross !stage1>,\n\tg++ [linux-any]',
    [[bound('debhelper-compat', '=', '13')], [any('gcc', 'native')], [any('g++')]],
  ],
] as readonly (readonly [string, readonly Dependency[]])[]) {
  test(`parseDependencies() reads: ${JSON.stringify(text)}`, () => {
    assert.deepEqual(parseDependencies(text, 'x'), expected);
  });
}

for (const text of [
  ',',
  'a0,',
  'a0,,b0',
  'a0 |',
  '| a0',
  'a0 b0',
  'a',
  'A0',
  '../a0',
  'a0 ()',
  'a0 (1)',
  'a0 (>= )',
  'a0 (>= 1',
  'a0 (>= 1 2)',
  'a0 (=> 1)',
  'a0 (== 1)',
  'a0 (>= 1) (<< 2)',
  'a0 (>= 1/2)',
  'a0 (>= ${binary:Version})',
  'a0:',
  'a0:x:y',
  'a0 [amd64',
  'a0 <x',
]) {
  test(`parseDependencies() refuses: ${text}`, () => {
    assert.throws(() => parseDependencies(text, 'x'), { code: 'E0404' });
  });
}

test('parseRelations() knows no alternatives', () => {
  assert.deepEqual(parseRelations('a0 (<< 2), b0', 'x'), [bound('a0', '<<', '2'), any('b0')]);
  assert.throws(() => parseRelations('a0 | b0', 'x'), { code: 'E0404' });
});

test('parseProvides() gives each name the version that it stands for, and knows no ranges', () => {
  assert.deepEqual(parseProvides('libz1 (= 1:1.2), mail-transport-agent', 'x'), [
    { name: 'libz1', version: '1:1.2' },
    { name: 'mail-transport-agent', version: null },
  ]);
  assert.throws(() => parseProvides('a0 (>= 1)', 'x'), { code: 'E0404' });
});

test('parseRelations() bounds the text, and takes no long time over one that nearly matches', () => {
  assert.throws(() => parseRelations('a'.repeat(2 ** 20 + 1), 'x'), { code: 'E0205' });
  for (const text of [`a0 ${'<x> '.repeat(100_000)}!`, `a0${' '.repeat(500_000)}!`, `a0 (= ${'1'.repeat(500_000)}`]) {
    assert.throws(() => parseRelations(text, 'x'), { code: 'E0404' });
  }
});
