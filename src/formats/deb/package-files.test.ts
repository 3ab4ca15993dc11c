import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { TarEntry } from '../tar/entry.ts';
import { newestOf, packageFiles } from './package-files.ts';
import type { DebPackage } from './read-deb.ts';

const file = (path: string, text = path, mtime = 5): TarEntry => ({
  path,
  kind: 'file',
  mode: 0o644,
  uid: 0,
  gid: 0,
  mtime,
  content: Buffer.from(text),
});
const folder = (path: string): TarEntry => ({ path, kind: 'directory', mode: 0o755, uid: 0, gid: 0, mtime: 5 });
const link = (kind: 'hardlink' | 'symlink', path: string, linkTarget: string): TarEntry => ({
  ...folder(path),
  kind,
  linkTarget,
});

const filesOf = (files: readonly TarEntry[], info: Partial<DebPackage['info']> = {}) =>
  packageFiles({
    info: { name: 'x', architecture: 'amd64', multiArch: null, ...info },
    files,
    md5sums: '',
  } as unknown as DebPackage);

const inShort = (entries: readonly TarEntry[]) =>
  entries.map(({ path, kind, linkTarget, content }) =>
    [kind, path, linkTarget ?? String(content ?? '')].join(' ').trim(),
  );

test('packageFiles() adds the list of what the package ships, named by architecture where several may lie side by side', () => {
  const entries = [folder('lib'), file('lib/x', 'x', 7)];
  assert.deepEqual(inShort(filesOf(entries)), [
    'directory usr/lib',
    'file usr/lib/x x',
    'file var/lib/dpkg/info/x.list /.\n/lib\n/lib/x',
  ]);
  const list = filesOf(entries, { multiArch: 'same' }).at(-1);
  assert.deepEqual([list?.path, list?.mtime], ['var/lib/dpkg/info/x:amd64.list', 7]);
});

test('packageFiles() keeps its own list: a package that ships one under that name does not have its way', () => {
  const [only, ...more] = filesOf([file('var/lib/dpkg/info/x.list', 'false')]);
  assert.equal(String(only?.content), '/.\n/var/lib/dpkg/info/x.list\n');
  assert.deepEqual(more, []);
});

test('packageFiles() puts the content under the first name of a file, for layers are unpacked from front to back', () => {
  // As an archive is sorted, `-` comes before `/`; in a walk it comes after.
  const entries = [folder('a'), file('a-b', 'content'), link('hardlink', 'a/c', 'a-b'), link('hardlink', 'd', 'a/c')];
  assert.deepEqual(inShort(filesOf(entries)).slice(0, -1), [
    'directory a',
    'file a/c content',
    'hardlink a-b a/c',
    'hardlink d a/c',
  ]);
});

test('packageFiles() knows files of equal content from names of one file', () => {
  assert.deepEqual(inShort(filesOf([file('a', ''), file('b', ''), file('c', '1'), file('d', '1')])).slice(0, -1), [
    'file a',
    'file b',
    'file c 1',
    'file d 1',
  ]);
});

test('packageFiles() has the last of two files that merged /usr makes one, and moves hard links along', () => {
  const entries = [
    file('bin/x', 'old'),
    link('hardlink', 'bin/y', 'bin/x'),
    file('usr/bin/x', 'new'),
    link('hardlink', 'usr/bin/z', 'usr/bin/x'),
  ];
  assert.deepEqual(inShort(filesOf(entries)).slice(0, -1), [
    'file usr/bin/x new',
    'file usr/bin/y old',
    'hardlink usr/bin/z usr/bin/x',
  ]);
});

test('packageFiles() refuses what comes to lie below a link or file only because /usr is merged', () => {
  for (const entries of [
    [link('symlink', 'usr/lib/x', '/etc'), file('lib/x/passwd')],
    [file('lib/x/passwd'), link('symlink', 'usr/lib/x', '/etc')],
    [file('usr/lib/x'), file('lib/x/y')],
  ]) {
    assert.throws(() => filesOf(entries), { code: 'E0404' });
  }
});

test('newestOf() is 0 for no files, and bears as many as an archive may have', () => {
  assert.equal(newestOf([]), 0);
  assert.equal(newestOf(Array.from({ length: 200_000 }, () => file('a', '', 9))), 9);
});
