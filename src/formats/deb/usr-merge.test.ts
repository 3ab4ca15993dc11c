import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { TarEntry } from '../tar/entry.ts';
import { mergedPath, withMergedUsr } from './usr-merge.ts';

const entry = (path: string, kind: TarEntry['kind'], linkTarget?: string): TarEntry => ({
  path,
  kind,
  mode: 0o755,
  uid: 0,
  gid: 0,
  mtime: 0,
  ...(linkTarget === undefined ? {} : { linkTarget }),
});

test('mergedPath() moves what lies below the old folders, and nothing that merely begins alike', () => {
  assert.equal(mergedPath('lib/x86_64-linux-gnu/libc.so.6'), 'usr/lib/x86_64-linux-gnu/libc.so.6');
  assert.equal(mergedPath('bin'), 'usr/bin');
  for (const path of ['library/x', 'usr/lib/x', 'etc/bin/x', 'binx']) assert.equal(mergedPath(path), path);
});

test('withMergedUsr() makes one folder of two, and keeps the links of a package that is merged already', () => {
  const merged = withMergedUsr([
    entry('bin', 'symlink', 'usr/bin'),
    entry('lib', 'directory'),
    entry('lib/libx.so', 'file'),
    entry('usr', 'directory'),
    entry('usr/lib', 'directory'),
    entry('usr/lib/liby.so', 'file'),
  ]);
  assert.deepEqual(
    merged.map(({ path, kind }) => `${kind} ${path}`),
    ['symlink bin', 'directory usr/lib', 'file usr/lib/libx.so', 'directory usr', 'file usr/lib/liby.so'],
  );
});

test('withMergedUsr() moves the target of a hard link along, and leaves that of a symbolic link', () => {
  const [hard, soft] = withMergedUsr([
    entry('bin/uncompress', 'hardlink', 'bin/gunzip'),
    entry('sbin/x', 'symlink', '/bin/y'),
  ]);
  assert.equal(hard?.linkTarget, 'usr/bin/gunzip');
  assert.equal(soft?.linkTarget, '/bin/y');
});
