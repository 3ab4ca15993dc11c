import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { test } from 'node:test';
import fc from 'fast-check';
import { readTar } from './read-tar.ts';
import { writeTar } from './write-tar.ts';
import type { TarEntry } from './entry.ts';

const plain = { mode: 0o644, uid: 0, gid: 0, mtime: 1_700_000_000 };

test('writeTar() is what the tar command lists: folders, links, modes, owners, long and foreign names', () => {
  const long = `${'deep/'.repeat(30)}file`;
  const tar = writeTar([
    { ...plain, path: 'a', kind: 'directory', mode: 0o755 },
    { ...plain, path: 'a/x', kind: 'file', mode: 0o4755, content: Buffer.from('hello') },
    { ...plain, path: 'a/y', kind: 'hardlink', linkTarget: 'a/x' },
    { ...plain, path: 'a/z', kind: 'symlink', mode: 0o777, linkTarget: '../etc/x' },
    { ...plain, path: long, kind: 'file', uid: 3_000_000, gid: 7, content: Buffer.from('!') },
    { ...plain, path: 'grüße', kind: 'file' },
  ]);
  const listed = execFileSync('tar', ['--numeric-owner', '--quoting-style=literal', '--utc', '-tvf', '-'], {
    input: tar,
    encoding: 'utf8',
  });
  assert.deepEqual(
    listed.split('\n').map((line) => line.replace(/ +/g, ' ')),
    [
      'drwxr-xr-x 0/0 0 2023-11-14 22:13 a/',
      '-rwsr-xr-x 0/0 5 2023-11-14 22:13 a/x',
      'hrw-r--r-- 0/0 0 2023-11-14 22:13 a/y link to a/x',
      'lrwxrwxrwx 0/0 0 2023-11-14 22:13 a/z -> ../etc/x',
      `-rw-r--r-- 3000000/7 1 2023-11-14 22:13 ${long}`,
      '-rw-r--r-- 0/0 0 2023-11-14 22:13 grüße',
      '',
    ],
  );
});

test('writeTar() leaves the end out when asked to', () => {
  const entry: TarEntry = { ...plain, path: 'x', kind: 'file', content: Buffer.from('1') };
  assert.equal(writeTar([entry]).length, 2048);
  assert.equal(writeTar([entry], { end: false }).length, 1024);
});

test('writeTar() refuses paths that a reader would have to refuse', () => {
  for (const path of ['', '/etc/passwd', '../x', 'a/../b', 'a//b', './a', 'a\0b']) {
    assert.throws(() => writeTar([{ ...plain, path, kind: 'file' }]), { code: 'E0404' }, path);
  }
});

test('writeTar() and readTar() agree on any tree, and equal trees give equal bytes', () => {
  const name = fc
    .string({ minLength: 1, maxLength: 60, unit: 'grapheme' })
    .filter(
      (text) =>
        !/[/\0]/.test(text) && text.isWellFormed() && text !== '.' && text !== '..' && Buffer.byteLength(text) < 255,
    );
  const file = fc.record({
    path: fc.array(name, { minLength: 1, maxLength: 5 }).map((names) => ['root', ...names].join('/')),
    kind: fc.constant('file' as const),
    mode: fc.integer({ min: 0, max: 0o7777 }),
    uid: fc.integer({ min: 0, max: 2 ** 32 }),
    gid: fc.integer({ min: 0, max: 2 ** 32 }),
    mtime: fc.integer({ min: 0, max: 2 ** 40 }),
    content: fc.uint8Array({ maxLength: 2000 }),
  });
  const tree = fc
    .uniqueArray(file, { maxLength: 8, selector: (one) => one.path })
    .filter((files) => !files.some((a) => files.some((b) => b.path.startsWith(`${a.path}/`))));
  fc.assert(
    fc.property(tree, (files) => {
      const tar = writeTar(files);
      const read = readTar(tar).map((entry) => ({ ...entry, content: new Uint8Array(entry.content ?? []) }));
      assert.deepEqual(
        read,
        files.map((one) => ({ ...one, content: new Uint8Array(one.content) })),
      );
      assert.deepEqual(writeTar(readTar(tar)), tar);
    }),
    { numRuns: 150 },
  );
});
