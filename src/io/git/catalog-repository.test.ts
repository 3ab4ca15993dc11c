import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { Failure } from '../../core/failure.ts';
import { catalogRepository } from './catalog-repository.ts';

const at = Temporal.Instant.from('2099-01-05T12:00:00Z');
const RECIPE = 'version: 1.0.0\n\n\n\nepoch: 0\n';
const RAISED = 'version: 1.0.1\n\n\n\nepoch: 0\n';

let scratch = '';
before(async () => {
  scratch = await mkdtemp(join(tmpdir(), 'suture-catalog-'));
});
after(() => rm(scratch, { recursive: true, force: true }));

/** As a user would have it, but without any identity configured anywhere. */
const env = {
  PATH: process.env['PATH'],
  HOME: '/nonexistent',
  GIT_CONFIG_NOSYSTEM: '1',
  GIT_CONFIG_GLOBAL: '/dev/null',
};
const run = (cwd: string, ...args: string[]) => execFileSync('git', args, { cwd, env, encoding: 'utf8' }).trim();
const asUser = ['-c', 'user.name=Eve', '-c', 'user.email=eve@h.example'];

async function newCatalog(name: string, below = ''): Promise<string> {
  const top = join(scratch, name);
  await mkdir(join(top, below, 'recipes'), { recursive: true });
  await writeFile(join(top, below, 'recipes/hello.yaml'), RECIPE);
  await writeFile(join(top, below, 'suture.yaml'), 'name: demo\n');
  run(top, 'init', '--quiet', '--initial-branch=main');
  run(top, 'add', '.');
  run(top, ...asUser, 'commit', '--quiet', '-m', 'Start');
  return join(top, below);
}

const raise = (message = 'hello: 1.0.0 -> 1.0.1\n') => ({
  branch: 'suture/hello-1.0.1',
  files: new Map([['recipes/hello.yaml', RAISED]]),
  message,
  at,
});
const failsWith = (code: string) => (error: unknown) => error instanceof Failure && error.code === code;

test('commitOnBranch() is the same commit: made again, made elsewhere, made later', async () => {
  const folder = await newCatalog('same');
  const repository = catalogRepository({ folder });
  const head = await repository.head();
  const commit = await repository.commitOnBranch(raise());
  assert.equal(await repository.commitOnBranch(raise()), commit);
  assert.equal(await repository.commitOnBranch({ ...raise(), at: at.add({ hours: 1 }) }), commit);
  assert.equal(await repository.head(), head);
  assert.equal(run(folder, 'status', '--porcelain'), '');
  assert.equal(
    run(folder, 'log', '-1', '--format=%an %ae %aI %P', commit),
    `Suture suture@localhost 2099-01-05T12:00:00+00:00 ${head}`,
  );
  assert.deepEqual([...(await repository.branches('suture/'))], [['suture/hello-1.0.1', commit]]);
});

test('commitOnBranch() replaces a branch of ours: main went on', async () => {
  const folder = await newCatalog('again');
  const repository = catalogRepository({ folder });
  const first = await repository.commitOnBranch(raise());
  run(folder, ...asUser, 'commit', '--quiet', '--allow-empty', '-m', 'Other work');
  const second = await repository.commitOnBranch(raise());
  assert.notEqual(first, second);
  assert.equal(run(folder, 'rev-parse', 'suture/hello-1.0.1^'), await repository.head());
});

test('readFileAt() and filesAt() read any commit, also where the catalog is a folder in a repository', async () => {
  for (const below of ['', 'deep/catalog']) {
    const folder = await newCatalog(`read${below.length}`, below);
    const repository = catalogRepository({ folder });
    const commit = await repository.commitOnBranch(raise());
    assert.equal(await repository.readMain('recipes/hello.yaml'), RECIPE);
    assert.equal(Buffer.from(await repository.readFileAt(commit, 'recipes/hello.yaml')).toString(), RAISED);
    const files = await repository.filesAt(commit);
    assert.deepEqual([...files.keys()], ['recipes/hello.yaml', 'suture.yaml']);
    assert.equal(Buffer.from(files.get('recipes/hello.yaml') ?? []).toString(), RAISED);
    await assert.rejects(repository.readFileAt(commit, 'recipes/other.yaml'), failsWith('E0804'));
    await assert.rejects(repository.readFileAt('--all', 'suture.yaml'), failsWith('E0804'));
  }
});

test('merge() fast-forwards main and its files; again is a no-op', async () => {
  for (const below of ['', 'deep/catalog']) {
    const folder = await newCatalog(`merge${below.length}`, below);
    const repository = catalogRepository({ folder });
    const commit = await repository.commitOnBranch(raise());
    await writeFile(join(folder, 'untracked'), 'mine');
    assert.equal(await repository.merge('suture/hello-1.0.1'), commit);
    assert.equal(await repository.merge('suture/hello-1.0.1'), commit);
    assert.equal(await repository.head(), commit);
    assert.equal(await readFile(join(folder, 'recipes/hello.yaml'), 'utf8'), RAISED);
    assert.equal(run(folder, 'status', '--porcelain', '--untracked-files=no'), '');
  }
});

test('merge() is E0804 and changes nothing: files with changes of their own', async () => {
  const folder = await newCatalog('dirty');
  const repository = catalogRepository({ folder });
  const head = await repository.head();
  await repository.commitOnBranch(raise());
  for (const [file, text] of [
    ['suture.yaml', 'name: mine\n'],
    ['recipes/hello.yaml', 'mine\n'],
  ] as const) {
    run(folder, 'checkout', '--quiet', '.');
    await writeFile(join(folder, file), text);
    await assert.rejects(repository.merge('suture/hello-1.0.1'), failsWith('E0804'));
    assert.equal(await repository.head(), head);
    assert.equal(await readFile(join(folder, file), 'utf8'), text);
  }
});

test('merge() goes on where it was killed: the files were there, the branch was not', async () => {
  const folder = await newCatalog('killed');
  const repository = catalogRepository({ folder });
  const commit = await repository.commitOnBranch(raise());
  run(folder, 'read-tree', '-m', '-u', 'HEAD', commit);
  assert.equal(await repository.merge('suture/hello-1.0.1'), commit);
  assert.equal(run(folder, 'status', '--porcelain'), '');
});

test('merge() puts the one commit on top: main went on elsewhere, or in other lines of the same file', async () => {
  const folder = await newCatalog('rebase');
  const repository = catalogRepository({ folder });
  await repository.commitOnBranch(raise());
  await writeFile(join(folder, 'recipes/hello.yaml'), RECIPE.replace('epoch: 0', 'epoch: 0 # ours'));
  await writeFile(join(folder, 'suture.yaml'), 'name: other\n');
  run(folder, ...asUser, 'commit', '--quiet', '-am', 'Other work');
  const before = await repository.head();
  const merged = await repository.merge('suture/hello-1.0.1');
  assert.equal(run(folder, 'rev-parse', `${merged}^`), before);
  assert.equal(await repository.readMain('recipes/hello.yaml'), RAISED.replace('epoch: 0', 'epoch: 0 # ours'));
  assert.equal(await readFile(join(folder, 'suture.yaml'), 'utf8'), 'name: other\n');
  assert.equal(run(folder, 'status', '--porcelain'), '');
});

test('merge() is E0804 and changes nothing: both changed the same line', async () => {
  const folder = await newCatalog('conflict');
  const repository = catalogRepository({ folder });
  await repository.commitOnBranch(raise());
  await writeFile(join(folder, 'recipes/hello.yaml'), 'version: 2.0.0\n');
  run(folder, ...asUser, 'commit', '--quiet', '-am', 'Other work');
  const head = await repository.head();
  await assert.rejects(repository.merge('suture/hello-1.0.1'), failsWith('E0804'));
  assert.equal(await repository.head(), head);
  assert.equal(run(folder, 'status', '--porcelain'), '');
});

test('merge() is E0804: no such branch, a name that is none, nothing checked out', async () => {
  const folder = await newCatalog('names');
  const repository = catalogRepository({ folder });
  for (const branch of ['suture/none', '--all', 'a..b', 'x y']) {
    await assert.rejects(repository.merge(branch), failsWith('E0804'), branch);
  }
  await repository.commitOnBranch(raise());
  run(folder, 'checkout', '--quiet', '--detach');
  await assert.rejects(repository.merge('suture/hello-1.0.1'), failsWith('E0804'));
});

test('head() is what git says: a loose branch, packed references, no branch, a folder within', async () => {
  const folder = await newCatalog('heads', 'images');
  const top = join(folder, '..');
  const says = async (): Promise<void> => {
    const expected = run(top, 'rev-parse', 'HEAD');
    for (const each of [top, folder]) assert.equal(await catalogRepository({ folder: each }).head(), expected);
  };
  await says();
  run(top, 'pack-refs', '--all');
  await says();
  run(top, ...asUser, 'commit', '--quiet', '--allow-empty', '-m', 'Go on');
  await says();
  run(top, 'checkout', '--quiet', '--detach', 'HEAD^');
  await says();
});
