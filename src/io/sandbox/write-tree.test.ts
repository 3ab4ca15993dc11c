import assert from 'node:assert/strict';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import type { TarEntry } from '../../formats/tar/entry.ts';
import { TreeWriter, writeTree } from './write-tree.ts';

const entry = (path: string, rest: Partial<TarEntry> = {}): TarEntry => ({
  path,
  kind: 'file',
  mode: 0o644,
  uid: 0,
  gid: 0,
  mtime: 1_700_000_000,
  ...rest,
});

/** A folder to write into, beside one that nothing may be written to. */
function place(t: TestContext): { readonly folder: string; readonly outside: string } {
  const base = mkdtempSync(join(tmpdir(), 'suture-write-tree-'));
  t.after(() => rmSync(base, { recursive: true }));
  const [folder, outside] = [join(base, 'folder'), join(base, 'outside')];
  mkdirSync(folder);
  mkdirSync(outside);
  return { folder, outside };
}

test('writeTree() writes modes without special bits, times, names of one file; folders that are closed to their owner', async (t) => {
  const { folder } = place(t);
  await writeTree(folder, [
    entry('usr/bin', { kind: 'directory', mode: 0o2555 }),
    entry('usr/bin/x', { mode: 0o4755, content: Buffer.from('x') }),
    entry('usr/bin/y', { kind: 'hardlink', linkTarget: 'usr/bin/x' }),
    entry('closed', { kind: 'directory', mode: 0 }),
    entry('closed/z', { mode: 0 }),
  ]);
  const [x, y] = ['x', 'y'].map((name) => statSync(join(folder, 'usr/bin', name)));
  assert.equal(x?.ino, y?.ino);
  assert.equal((x?.mode ?? 0) & 0o7777, 0o755);
  assert.equal(x?.mtimeMs, 1_700_000_000_000);
  assert.equal(statSync(join(folder, 'usr/bin')).mode & 0o7777, 0o755);
  assert.equal(statSync(join(folder, 'closed')).mode & 0o7777, 0o700);
  assert.equal(statSync(join(folder, 'closed/z')).mode & 0o7777, 0);
});

for (const [what, ...entries] of [
  ['a path above', entry('../outside/x')],
  ['the folder above', entry('..', { kind: 'directory', mode: 0o777 })],
  ['an absolute path', entry('/x')],
  ['no path', entry('')],
  ['a path through a link', entry('a', { kind: 'symlink', linkTarget: '../outside' }), entry('a/x')],
  [
    'a folder in place of a link',
    entry('a', { kind: 'symlink', linkTarget: '../outside' }),
    entry('a', { kind: 'directory' }),
  ],
  ['a file in place of a link', entry('a', { kind: 'symlink', linkTarget: '../outside/x' }), entry('a')],
  ['a file in place of another', entry('a'), entry('a')],
  ['a link in place of a folder', entry('a/b'), entry('a', { kind: 'symlink', linkTarget: '../outside' })],
  ['a path through a file', entry('a'), entry('a/x')],
  ['a hard link to a file above', entry('a', { kind: 'hardlink', linkTarget: '../outside/there' })],
  [
    'a hard link through a link',
    entry('a', { kind: 'symlink', linkTarget: '../outside' }),
    entry('b', { kind: 'hardlink', linkTarget: 'a/there' }),
  ],
] as const) {
  test(`writeTree() refuses: ${what}`, async (t) => {
    const { folder, outside } = place(t);
    await writeTree(outside, [entry('there', { content: Buffer.from('as it was') })]);
    await assert.rejects(writeTree(folder, entries), { code: 'E0404' });
    assert.ok(!existsSync(join(outside, 'x')));
    assert.equal(readFileSync(join(outside, 'there'), 'utf8'), 'as it was');
    assert.equal(statSync(join(outside, 'there')).nlink, 1);
  });
}

test('TreeWriter makes room for another file without a way through links', async (t) => {
  const { folder, outside } = place(t);
  await writeTree(outside, [entry('there')]);
  const writer = new TreeWriter(folder);
  await writer.write([entry('a', { kind: 'symlink', linkTarget: '../outside/there' })]);
  await writer.write([entry('b', { kind: 'symlink', linkTarget: '../outside' })]);
  writer.remove('a');
  await writer.write([entry('a', { content: Buffer.from('new') })]);
  assert.throws(() => writer.remove('b/there'), { code: 'E0404' });
  writer.finish();
  assert.equal(readFileSync(join(folder, 'a'), 'utf8'), 'new');
  assert.ok(existsSync(join(outside, 'there')));
});
