import assert from 'node:assert/strict';
import {
  lstatSync,
  mkdtempSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  readlinkSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { extractTar } from './extract-tar.ts';
import type { TestContext } from 'node:test';
import type { TarEntry } from '../../formats/tar/entry.ts';

const plain = { mode: 0o644, uid: 0, gid: 0, mtime: 1_700_000_000 };
const file = (path: string, content = path, mode = 0o644): TarEntry => ({
  ...plain,
  path,
  kind: 'file',
  mode,
  content: Buffer.from(content),
});
const symlink = (path: string, linkTarget: string): TarEntry => ({ ...plain, path, kind: 'symlink', linkTarget });

test('extractTar() makes files, folders and links with their modes and times', async (t) => {
  const folder = scratch(t);
  await extractTar(
    [
      { ...plain, path: 'bin', kind: 'directory', mode: 0o555 },
      file('bin/x', '#!', 0o4755),
      { ...plain, path: 'bin/y', kind: 'hardlink', linkTarget: 'bin/x' },
      symlink('link', '/etc/passwd'),
      file('deep/er/z'),
    ],
    folder,
  );
  const mode = (path: string) => lstatSync(join(folder, path)).mode & 0o7777;
  assert.deepEqual([mode('bin'), mode('bin/x'), mode('deep/er/z')], [0o555, 0o4755, 0o644]);
  assert.equal(lstatSync(join(folder, 'bin/y')).ino, lstatSync(join(folder, 'bin/x')).ino);
  assert.equal(readlinkSync(join(folder, 'link')), '/etc/passwd');
  for (const path of ['bin', 'bin/x', 'link']) assert.equal(lstatSync(join(folder, path)).mtimeMs, 1_700_000_000_000);
});

test('extractTar() clears special bits where only a build will look', async (t) => {
  const folder = scratch(t);
  await extractTar([file('x', '', 0o6755)], folder, { plainModes: true });
  assert.equal(lstatSync(join(folder, 'x')).mode & 0o7777, 0o755);
});

const hostile: readonly (readonly [string, readonly TarEntry[]])[] = [
  ['an absolute path', [file('/x')]],
  ['a path that climbs', [file('../x')]],
  ['a path that climbs from inside', [file('a/../../x')]],
  ['a file behind a link of its own', [symlink('a', '..'), file('a/x')]],
  ['a folder behind a link of its own', [symlink('a', '..'), { ...plain, path: 'a/b', kind: 'directory' }]],
  ['a folder in the place of a link', [symlink('a', '..'), { ...plain, path: 'a', kind: 'directory' }]],
  ['a file behind a link that was there before', [file('old/x')]],
  ['a hard link to the outside', [{ ...plain, path: 'a', kind: 'hardlink', linkTarget: '../outside' }]],
  ['a hard link through a link', [{ ...plain, path: 'a', kind: 'hardlink', linkTarget: 'old/outside' }]],
  ['a hard link to a link', [symlink('s', '../outside'), { ...plain, path: 'a', kind: 'hardlink', linkTarget: 's' }]],
  ['a file in the place of a folder', [file('a/x'), file('a')]],
];

for (const [what, entries] of hostile) {
  test(`extractTar() refuses ${what}, and nothing lands outside`, async (t) => {
    const parent = scratch(t);
    const folder = join(parent, 'into');
    mkdirSync(folder);
    writeFileSync(join(parent, 'outside'), 'untouched');
    symlinkSync('..', join(folder, 'old'));
    await assert.rejects(extractTar(entries, folder), { code: 'E0404' });
    assert.deepEqual(readdirSync(parent).toSorted(), ['into', 'outside']);
    assert.equal(readFileSync(join(parent, 'outside'), 'utf8'), 'untouched');
    assert.equal(lstatSync(join(parent, 'outside')).nlink, 1);
  });
}

test('extractTar() replaces a link that is in the way instead of writing through it', async (t) => {
  const parent = scratch(t);
  const folder = join(parent, 'into');
  mkdirSync(folder);
  writeFileSync(join(parent, 'outside'), 'untouched');
  symlinkSync('../outside', join(folder, 'x'));
  await extractTar([file('x', 'new')], folder);
  assert.equal(readFileSync(join(parent, 'outside'), 'utf8'), 'untouched');
  assert.equal(readFileSync(join(folder, 'x'), 'utf8'), 'new');
});

function scratch(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'suture-extract-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}
