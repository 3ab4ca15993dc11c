import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { Failure } from '../../core/failure.ts';
import { checkout } from './checkout.ts';
import { commitsMentioning, patchOf } from './commits-mentioning.ts';
import { listTags } from './list-tags.ts';
import { writeHistory } from './write-history.ts';
import type { HistoryCommit } from './write-history.ts';

const author = { name: 'Ada', email: 'ada@hello.example' };
const at = (text: string) => Temporal.Instant.from(text);
const history: readonly HistoryCommit[] = [
  {
    branch: 'main',
    files: new Map([
      ['a.txt', 'one\n'],
      ['folder/b.txt', 'two\n'],
    ]),
    message: 'First',
    at: at('2099-01-01T10:00:00Z'),
    tag: 'v1.0.0',
  },
  {
    branch: 'main',
    files: new Map([
      ['a.txt', 'bounded\n'],
      ['folder/b.txt', 'two\n'],
    ]),
    message: 'Check the bound\n\nFixes CVE-2099-0001.',
    at: at('2099-01-02T10:00:00Z'),
  },
  {
    branch: 'main',
    files: new Map([
      ['a.txt', 'bounded\n'],
      ['folder/b.txt', 'three\n'],
    ]),
    message: 'About CVE-2099-00011',
    at: at('2099-01-03T10:00:00Z'),
    tag: 'v1.0.1',
  },
];

let folder = '';
let repository = '';
let options = { cacheFolder: '' };
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'suture-git-'));
  repository = `file://${join(folder, 'upstream.git')}`;
  options = { cacheFolder: join(folder, 'cache') };
  await writeHistory(join(folder, 'upstream.git'), author, history);
});
after(() => rm(folder, { recursive: true, force: true }));

const failsWith = (code: string) => (error: unknown) => error instanceof Failure && error.code === code;
const headOf = (path: string) =>
  execFileSync('git', ['for-each-ref', '--format=%(refname) %(objectname)'], { cwd: path, encoding: 'utf8' });

test('writeHistory() is the same: made in one go, made step by step, made again', async () => {
  const stepwise = join(folder, 'stepwise.git');
  await writeHistory(stepwise, author, history.slice(0, 1));
  await writeHistory(stepwise, author, history);
  await writeHistory(stepwise, author, history.slice(0, 1));
  await writeHistory(stepwise, author, history);
  assert.equal(headOf(stepwise), headOf(join(folder, 'upstream.git')));
});

test('listTags() peels: the tag object and its commit', async () => {
  const { tags } = await listTags(repository);
  assert.deepEqual(
    tags.map((tag) => tag.name),
    ['v1.0.0', 'v1.0.1'],
  );
  const [tag] = tags;
  assert.ok(tag !== undefined && tag.objectId !== tag.commit);
});

test('listTags() is the commit itself: a lightweight tag', async () => {
  const light = join(folder, 'light.git');
  await writeHistory(light, author, history);
  execFileSync('git', ['tag', 'light', 'main'], { cwd: light });
  const tag = (await listTags(`file://${light}`)).tags.find((each) => each.name === 'light');
  assert.ok(tag !== undefined && tag.objectId === tag.commit);
  const source = await checkout(`file://${light}`, { tag: 'light', expectedCommit: tag.commit }, options);
  assert.equal(source.taggedAt, null);
});

test('listTags() is E0203: no repository there', async () => {
  await assert.rejects(listTags(`file://${folder}/nothing.git`), failsWith('E0203'));
});

test('listTags() is E0206: addresses that run programs, are options, or are not allowed', async () => {
  for (const address of [
    'ext::sh -c id',
    '--upload-pack=id',
    'http://h.example/x.git',
    'git://h.example/x',
    'ssh://h.example/x',
    'me@h.example:x.git',
    'https://u:p@h.example/x',
    'fd::17/x',
    'file://h\nx',
  ]) {
    await assert.rejects(listTags(address), failsWith('E0206'), address);
  }
  await assert.rejects(listTags('ssh://-oProxyCommand=id/x', ['ssh']), failsWith('E0206'));
});

test('checkout() gives canonical entries: sorted, one owner, the time of the commit', async () => {
  const [tag] = (await listTags(repository)).tags;
  const source = await checkout(repository, { tag: 'v1.0.0', expectedCommit: tag?.commit ?? null }, options);
  const seconds = at('2099-01-01T10:00:00Z').epochMilliseconds / 1000;
  assert.deepEqual(
    source.entries.map(({ path, kind, mode, uid, mtime }) => ({ path, kind, mode, uid, mtime })),
    [
      { path: 'a.txt', kind: 'file', mode: 0o644, uid: 0, mtime: seconds },
      { path: 'folder', kind: 'directory', mode: 0o755, uid: 0, mtime: seconds },
      { path: 'folder/b.txt', kind: 'file', mode: 0o644, uid: 0, mtime: seconds },
    ],
  );
  assert.equal(source.commit, tag?.commit);
  for (const date of [source.committedAt, source.authoredAt, source.taggedAt]) {
    assert.equal(date?.toString(), '2099-01-01T10:00:00Z');
  }
  const again = await checkout(repository, { tag: 'v1.0.0', expectedCommit: tag?.objectId ?? null }, options);
  assert.deepEqual(again.tar, source.tar);
});

test('checkout() needs no upstream: the expected commit was fetched before', async () => {
  const copy = join(folder, 'gone.git');
  await writeHistory(copy, author, history);
  const tag = (await listTags(copy)).tags.find((each) => each.name === 'v1.0.1');
  const wanted = { tag: 'v1.0.1', expectedCommit: tag?.commit ?? null };
  const before = await checkout(copy, wanted, options);
  await rm(copy, { recursive: true });
  assert.deepEqual((await checkout(copy, wanted, options)).tar, before.tar);
  await assert.rejects(checkout(copy, { ...wanted, expectedCommit: null }, options), failsWith('E0203'));
});

test('checkout() is E0405: the tag was moved; nothing of it is kept', async () => {
  const moved = join(folder, 'moved.git');
  await writeHistory(moved, author, history);
  const tag = (await listTags(moved)).tags.find((each) => each.name === 'v1.0.0');
  execFileSync('git', ['tag', '--force', 'v1.0.0', 'main'], { cwd: moved, stdio: 'ignore' });
  const fresh = { cacheFolder: join(folder, 'cache-moved') };
  const wanted = { tag: 'v1.0.0', expectedCommit: tag?.commit ?? null };
  await assert.rejects(checkout(moved, wanted, fresh), failsWith('E0405'));
  assert.deepEqual(await readdir(fresh.cacheFolder), []);
});

test('checkout() is E0203: no such tag; E0206: no name for a tag', async () => {
  await assert.rejects(checkout(repository, { tag: 'v9', expectedCommit: null }, options), failsWith('E0203'));
  for (const tag of ['--upload-pack=x', 'a..b', 'a b', 'a:b', '', 'x.lock', '*']) {
    await assert.rejects(checkout(repository, { tag, expectedCommit: null }, options), failsWith('E0206'), tag);
  }
});

test('checkout() is E0205: more bytes than allowed', async () => {
  const small = { ...options, sourceBytesMax: 4 };
  await assert.rejects(checkout(repository, { tag: 'v1.0.0', expectedCommit: null }, small), failsWith('E0205'));
});

test('checkout() is E0204: a folder that programs would take for a repository', async () => {
  const hostile = join(folder, 'hostile.git');
  const git = (args: readonly string[], input = '') =>
    execFileSync('git', args, { cwd: hostile, input, encoding: 'utf8' }).trim();
  await writeHistory(hostile, author, history);
  const blob = git(['hash-object', '-w', '--stdin'], 'x');
  const inner = git(['mktree'], `100644 blob ${blob}\tconfig\n`);
  const tree = git(['mktree'], `040000 tree ${inner}\t.git\n`);
  const who = ['-c', 'user.name=A', '-c', 'user.email=a@h.example'];
  git(['tag', 'evil', git([...who, 'commit-tree', '-m', 'x', tree])]);
  await assert.rejects(checkout(hostile, { tag: 'evil', expectedCommit: null }, options), failsWith('E0204'));
});

test('commitsMentioning() finds what was merged after a tag, not ids that merely begin alike', async () => {
  const wanted = { ids: ['CVE-2099-0001', 'CVE-2099-7777'], sinceTag: 'v1.0.0' };
  const found = await commitsMentioning(repository, wanted, options);
  assert.deepEqual(
    found.map(({ subject, committedAt, ids }) => `${subject} ${committedAt.toString()} ${ids.join()}`),
    ['Check the bound 2099-01-02T10:00:00Z CVE-2099-0001'],
  );
  assert.deepEqual(await commitsMentioning(repository, { ...wanted, sinceTag: 'v1.0.1' }, options), []);
  const patch = new TextDecoder().decode(await patchOf(repository, found[0]?.commit ?? '', options));
  assert.match(patch, /^-one\n\+bounded$/m);
});
