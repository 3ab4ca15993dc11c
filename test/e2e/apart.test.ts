import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { suture, temporaryFolder } from '../support/made-up-world.ts';

const ALL = {
  'build-package': 1,
  'compose-image': 1,
  'verify-image': 1,
  'publish-image': 1,
  'confirm-image': 1,
  'attach-receipts': 1,
};

test('suture run CATALOG --once with changes apart: published from a folder in a repository that is never touched', async (t) => {
  const top = temporaryFolder(t);
  const folder = join(top, 'examples/hello');
  await mkdir(folder, { recursive: true });
  git(top, 'init', '--quiet', '--initial-branch=main');
  assert.equal((await suture(['init', folder])).exitCode, 0);
  const file = join(folder, 'suture.yaml');
  const yaml = readFileSync(file, 'utf8').replace('port: 5050', 'port: 0');
  writeFileSync(file, `${yaml}changes: apart\n`);
  git(top, 'add', '.');
  git(top, '-c', 'user.name=Eve', '-c', 'user.email=eve@h.example', 'commit', '--quiet', '-m', 'An example');
  writeFileSync(join(folder, 'policy.yaml'), 'promise: { critical: 24h, high: 24h }\n');
  const before = stateOf(top);

  const run = await suture(['run', folder, '--once', '--json']);
  assert.equal(run.exitCode, 0, run.err);
  assert.deepEqual(JSON.parse(run.out).done, ALL);
  const again = await suture(['run', folder, '--once', '--json']);
  assert.deepEqual([again.exitCode, JSON.parse(again.out).done], [0, {}], 'nothing to do is done');
  assert.equal((await suture(['verify', 'hello:1', '--cwd', folder])).exitCode, 0);
  assert.match((await suture(['status', '--cwd', folder])).out, /critical\/high 24 h/);
  assert.deepEqual(stateOf(top), before);

  const recipe = join(folder, 'recipes/hello.yaml');
  writeFileSync(recipe, readFileSync(recipe, 'utf8').replace('epoch: 0', 'epoch: 1'));
  const show = async () => JSON.parse((await suture(['config', 'show', '--cwd', folder])).out).recipes[0].epoch;
  assert.equal(await show(), 0, 'in force is what was taken in');
  const third = await suture(['run', folder, '--json']);
  assert.deepEqual([third.exitCode, JSON.parse(third.out).done], [0, ALL]);
  assert.equal(await show(), 1);

  writeFileSync(file, `${yaml}changes: elsewhere\n`);
  const broken = await suture(['run', folder]);
  assert.equal(broken.exitCode, 78, 'the catalog says nothing clear, and its changes stay apart');
  writeFileSync(file, yaml);
  const back = await suture(['run', folder]);
  assert.equal(back.exitCode, 78, back.err);
  assert.match(back.err, /is apart, and this began with here/, 'what is committed says apart');
  assert.deepEqual(stateOf(top).git, before.git);
});

test('suture run with changes apart: a folder in no repository, and no git repository comes to be around it', async (t) => {
  const folder = temporaryFolder(t);
  assert.equal((await suture(['init', folder])).exitCode, 0);
  rmSync(join(folder, '.git'), { recursive: true });
  const file = join(folder, 'suture.yaml');
  writeFileSync(file, `${readFileSync(file, 'utf8').replace('port: 5050', 'port: 0')}changes: apart\n`);
  const run = await suture(['run', '--cwd', folder, '--json']);
  assert.deepEqual([run.exitCode, JSON.parse(run.out).done], [0, ALL], run.err);
  assert.equal(readdirSync(folder).includes('.git'), false);
});

function git(cwd: string, ...args: readonly string[]): string {
  const env = { PATH: process.env['PATH'], GIT_CONFIG_NOSYSTEM: '1', GIT_CONFIG_GLOBAL: '/dev/null' };
  return execFileSync('git', args, { cwd, encoding: 'utf8', env: { ...env, GIT_OPTIONAL_LOCKS: '0' } });
}

/** What the owner's repository holds, byte by byte, and what git says of the work tree. */
function stateOf(top: string) {
  const entries = readdirSync(join(top, '.git'), { recursive: true, withFileTypes: true });
  const paths = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  const files = paths.map((path) => [path, readFileSync(path, 'base64')] as const);
  return { git: new Map(files), status: git(top, 'status', '--porcelain') };
}
