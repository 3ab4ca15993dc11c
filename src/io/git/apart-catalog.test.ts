import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { after, before, test } from 'node:test';
import { Failure } from '../../core/failure.ts';
import { apartCatalog } from './apart-catalog.ts';

const at = Temporal.Instant.from('2099-01-05T12:00:00Z');
const clock = { now: () => at };
const RECIPE = 'version: 1.0.0\n\n\n\nepoch: 0\n';
const RAISED = 'version: 1.0.1\n\n\n\nepoch: 0\n';
const SUTURE = 'name: demo\nchanges: apart\n';

let scratch = '';
before(async () => {
  scratch = await mkdtemp(join(tmpdir(), 'suture-apart-'));
});
after(() => rm(scratch, { recursive: true, force: true }));

const env = { PATH: process.env['PATH'], GIT_CONFIG_NOSYSTEM: '1', GIT_CONFIG_GLOBAL: '/dev/null' };
const run = (cwd: string, ...args: string[]) => execFileSync('git', args, { cwd, env, encoding: 'utf8' }).trim();
const asUser = ['-c', 'user.name=Eve', '-c', 'user.email=eve@h.example'];

async function newFolder(name: string): Promise<{ readonly folder: string; readonly gitFolder: string }> {
  const folder = join(scratch, name);
  await mkdir(join(folder, 'recipes'), { recursive: true });
  await writeFile(join(folder, 'recipes/hello.yaml'), RECIPE);
  await writeFile(join(folder, 'suture.yaml'), SUTURE);
  return { folder, gitFolder: join(folder, '.suture/catalog') };
}

type Folders = Awaited<ReturnType<typeof newFolder>>;

/** As at each start. */
async function taken(folders: Folders) {
  const apart = apartCatalog(folders, clock);
  await apart.takeIn();
  return apart.repository;
}

async function raise(folders: Folders): Promise<string> {
  const { repository } = apartCatalog(folders, clock);
  const files = new Map([['recipes/hello.yaml', RAISED]]);
  const branch = 'suture/hello-1.0.1';
  await repository.commitOnBranch({ branch, files, message: 'hello: 1.0.0 -> 1.0.1\n\nWhy.\n', at });
  return repository.merge(branch);
}

async function textsOf(repository: Awaited<ReturnType<typeof taken>>, commit = 'HEAD') {
  const files = await repository.filesAt(commit);
  return Object.fromEntries([...files].map(([path, bytes]) => [path, Buffer.from(bytes).toString()]));
}

const commits = ({ gitFolder }: Folders, branch: string) => run(gitFolder, 'log', '--format=%s', branch).split('\n');

test('takeIn() at the first start: the folder is main and declared, though it lies in no repository', async () => {
  const folders = await newFolder('first');
  await mkdir(join(folders.folder, 'patches/hello'), { recursive: true });
  const bytes = Uint8Array.of(0xff, 0x00, 0x0a);
  await writeFile(join(folders.folder, 'patches/hello/"odd\\\nname".patch'), bytes);
  for (const litter of ['README.md', 'recipes/.hello.yaml.swp', '.suture/suture.db']) {
    await mkdir(join(folders.folder, '.suture'), { recursive: true });
    await writeFile(join(folders.folder, litter), 'x');
  }
  const repository = await taken(folders);
  const files = await repository.filesAt('HEAD');
  const odd = 'patches/hello/"odd\\\nname".patch';
  assert.deepEqual([...files.keys()].sort(), [odd, 'recipes/hello.yaml', 'suture.yaml']);
  assert.deepEqual(Buffer.from(files.get(odd) ?? []), Buffer.from(bytes));
  assert.equal(await repository.head(), run(folders.gitFolder, 'rev-parse', 'declared'));
  assert.equal(run(folders.gitFolder, 'log', '--format=%an %aI', 'main'), 'Suture 2099-01-05T12:00:00+00:00');
  assert.equal(await repository.readMain('recipes/hello.yaml'), RECIPE);
});

test('takeIn() again is a no-op: nobody wrote to the folder', async () => {
  const folders = await newFolder('again');
  const head = await (await taken(folders)).head();
  await writeFile(join(folders.folder, 'recipes/hello.yaml'), RECIPE);
  assert.equal(await (await taken(folders)).head(), head);
});

test('takeIn() merges what the owner edited: other lines than Suture raised, files that come and go', async () => {
  const folders = await newFolder('edit');
  await writeFile(join(folders.folder, 'recipes/other.yaml'), 'version: 3\n');
  await taken(folders);
  await raise(folders);
  await writeFile(join(folders.folder, 'recipes/hello.yaml'), RECIPE.replace('epoch: 0', 'epoch: 0 # mine'));
  await rm(join(folders.folder, 'recipes/other.yaml'));
  await mkdir(join(folders.folder, 'recipes/other.yaml'));
  await writeFile(join(folders.folder, 'recipes/other.yaml/fix.patch'), '');
  await writeFile(join(folders.folder, 'policy.yaml'), 'name: strict\n');
  const repository = await taken(folders);
  const merged = { 'recipes/hello.yaml': RAISED.replace('epoch: 0', 'epoch: 0 # mine'), 'suture.yaml': SUTURE };
  assert.deepEqual(await textsOf(repository), {
    ...merged,
    'policy.yaml': 'name: strict\n',
    'recipes/other.yaml/fix.patch': '',
  });
  assert.equal(await readFile(join(folders.folder, 'recipes/hello.yaml'), 'utf8'), `${RECIPE.trimEnd()} # mine\n`);
  const head = await repository.head();
  assert.equal(await (await taken(folders)).head(), head);
  assert.deepEqual(commits(folders, 'declared'), [
    'Declared: policy.yaml, recipes/hello.yaml, recipes/other.yaml/fix.patch, recipes/other.yaml',
    'The catalog as declared',
  ]);
});

test('takeIn() sees an edit while the factory runs', async () => {
  const folders = await newFolder('running');
  const apart = apartCatalog(folders, clock);
  await apart.takeIn();
  await writeFile(join(folders.folder, 'policy.yaml'), 'name: strict\n');
  const first = await apart.repository.head();
  const until = performance.now() + 20_000;
  while ((await apart.repository.head()) === first && performance.now() < until) {
    await pause(20);
    await apart.takeIn();
  }
  assert.equal(await apart.repository.readMain('policy.yaml'), 'name: strict\n');
});

test('takeIn() does not take a recipe that comes for the one that goes', async () => {
  const folders = await newFolder('renamed');
  await taken(folders);
  await raise(folders);
  await rm(join(folders.folder, 'recipes/hello.yaml'));
  await writeFile(join(folders.folder, 'recipes/hallo.yaml'), RECIPE);
  await assert.rejects(taken(folders), (error) => error instanceof Failure && whyOf(error).endsWith('removed by you'));
});

const whyOf = (error: Failure) => error.detail.why ?? '';

test('takeIn() is E0804 and loses nothing: both changed the same line; taking over and editing again ends it', async () => {
  const folders = await newFolder('conflict');
  await taken(folders);
  const main = await raise(folders);
  const file = join(folders.folder, 'recipes/hello.yaml');
  const mine = RECIPE.replace('1.0.0', '1.0.2');
  await writeFile(file, mine);
  const apart = apartCatalog(folders, clock);
  for (let time = 1; time <= 2; time += 1) {
    await assert.rejects(apart.takeIn(), (error) => {
      assert.ok(error instanceof Failure);
      assert.equal(error.code, 'E0804');
      assert.equal(whyOf(error), 'recipes/hello.yaml was raised to 1.0.1 by Suture and edited by you');
      assert.match(error.detail.hint ?? '', / show main:recipes\/hello\.yaml > recipes\/hello\.yaml$/);
      return true;
    });
  }
  assert.equal(await apart.repository.head(), main);
  assert.equal(await readFile(file, 'utf8'), mine);

  await writeFile(file, run(folders.gitFolder, 'show', 'main:recipes/hello.yaml').concat('\n'));
  await taken(folders);
  await writeFile(file, mine);
  assert.equal(await (await taken(folders)).readMain('recipes/hello.yaml'), mine);
});

test('takeIn() is a failure with main as it was: files that cannot be read, no suture.yaml', async () => {
  const folders = await newFolder('broken');
  const head = await (await taken(folders)).head();
  await symlink('/etc/hostname', join(folders.folder, 'recipes/outside.yaml'));
  await assert.rejects(taken(folders), (error) => error instanceof Failure && error.code === 'E0101');
  await rm(join(folders.folder, 'recipes/outside.yaml'));
  await rm(join(folders.folder, 'suture.yaml'));
  await assert.rejects(taken(folders), (error) => error instanceof Failure && error.code === 'E0103');
  assert.equal(await apartCatalog(folders, clock).repository.head(), head);
});

test('takeIn() killed after any durable write goes on to the same files', async () => {
  const whole = await newFolder('whole');
  await story(whole);
  const expected = await textsOf(await taken(whole));
  for (let point = 1; ; point += 1) {
    const folders = await newFolder(`killed${point}`);
    const killed = takeInUntil(folders, point);
    if (killed === null) {
      assert.ok(point > 3, 'repository, snapshot and main are written one after the other');
      break;
    }
    assert.equal(killed, 'SIGKILL');
    await taken(folders);
    await raise(folders);
    await edit(folders);
    takeInUntil(folders, point);
    assert.deepEqual(await textsOf(await taken(folders)), expected, `after write ${point}`);
    assert.equal(commits(folders, 'declared').length, 2);
  }
});

const edit = ({ folder }: Folders) => writeFile(join(folder, 'policy.yaml'), 'name: strict\n');

async function story(folders: Folders): Promise<void> {
  await taken(folders);
  await raise(folders);
  await edit(folders);
}

/** In a process of its own; the signal that ended it, null when it came to its end. */
function takeInUntil(folders: Folders, point: number): NodeJS.Signals | null {
  const module = new URL('./apart-catalog.ts', import.meta.url).href;
  const text = `const { apartCatalog } = await import(${JSON.stringify(module)});
    const clock = { now: () => Temporal.Instant.from('2099-01-05T12:00:00Z') };
    await apartCatalog(${JSON.stringify(folders)}, clock).takeIn();`;
  const options = { env: { ...process.env, SUTURE_CRASH_AT: String(point) }, encoding: 'utf8' } as const;
  const ended = spawnSync(process.execPath, ['--input-type=module', '-e', text], options);
  assert.ok(ended.signal !== null || ended.status === 0, ended.stderr);
  return ended.signal;
}

test("takeIn() never touches the owner's repository, not even with a half-made one of ours in it", async () => {
  const folders = await newFolder('owned/examples/hello');
  const top = join(scratch, 'owned');
  run(top, 'init', '--quiet', '--initial-branch=main');
  await writeFile(join(top, '.gitignore'), '.suture/\n');
  run(top, 'add', '.');
  run(top, ...asUser, 'commit', '--quiet', '-m', 'Start');
  await writeFile(join(folders.folder, 'policy.yaml'), 'name: strict\n');
  run(top, 'add', '.');
  await writeFile(join(folders.folder, 'policy.yaml'), 'name: stricter\n');
  const asItWas = { git: await bytesOf(join(top, '.git')), status: run(top, 'status', '--porcelain', '--ignored=no') };

  await mkdir(folders.gitFolder, { recursive: true });
  await writeFile(join(folders.gitFolder, 'HEAD'), 'ref: refs/heads/main\n');
  const repository = await taken(folders);
  await raise(folders);
  assert.equal(await repository.readMain('policy.yaml'), 'name: stricter\n');
  assert.equal(await repository.readMain('recipes/hello.yaml'), RAISED);
  assert.equal(run(top, 'status', '--porcelain', '--ignored=no'), asItWas.status);
  assert.deepEqual(await bytesOf(join(top, '.git')), asItWas.git);
});

/** Digest of every file below a folder. */
async function bytesOf(folder: string): Promise<ReadonlyMap<string, string>> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const paths = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  const digested = paths.sort().map(async (path): Promise<[string, string]> => {
    return [
      path,
      createHash('sha256')
        .update(await readFile(path))
        .digest('hex'),
    ];
  });
  return new Map(await Promise.all(digested));
}
