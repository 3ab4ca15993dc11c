import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { Failure } from '../../core/failure.ts';
import { readFolder } from './read-folder.ts';
import { replaceFolder } from './replace-folder.ts';

const filesOf = (text: string) =>
  ['a.json', 'b/c.json', 'b/d.json'].map((path) => ({ path, bytes: Buffer.from(`${text} ${path}`) }));

test('replaceFolder() replaces all of it, and leaves nothing of what was there', async (t) => {
  const folder = await temporary(t);
  const target = join(folder, 'public/feeds');
  await replaceFolder(target, filesOf('old'));
  await replaceFolder(target, [{ path: 'only.json', bytes: Buffer.from('new') }]);
  await replaceFolder(target, [{ path: 'only.json', bytes: Buffer.from('new') }]);
  assert.deepEqual(await contents(target), ['only.json: new']);
  assert.equal((await readdir(join(folder, 'public'))).length, 2);
});

test('replaceFolder() takes the place of an empty folder, and of nothing else', async (t) => {
  const folder = await temporary(t);
  await mkdir(join(folder, 'empty'));
  await replaceFolder(join(folder, 'empty'), filesOf('new'));
  assert.equal((await contents(join(folder, 'empty'))).length, 3);
  await mkdir(join(folder, 'mine'));
  await writeFile(join(folder, 'mine/thesis.txt'), 'years of work');
  await assert.rejects(
    replaceFolder(join(folder, 'mine'), filesOf('new')),
    (error) => error instanceof Failure && error.code === 'E0803' && /was changed/.test(error.detail.kept ?? ''),
  );
  assert.equal(await readFile(join(folder, 'mine/thesis.txt'), 'utf8'), 'years of work');
});

test('replaceFolder() killed after each durable write: all of the old or all of the new, and the next run ends it', async (t) => {
  for (let point = 1; ; point += 1) {
    const folder = await temporary(t);
    const target = join(folder, 'feeds');
    await replaceFolder(target, filesOf('old'));
    const { signal } = child(target, point);
    const after = (await contents(target)).map((each) => each.replace(/^\S+ (\S+) .*/, '$1'));
    assert.equal(after.length, 3, `killed after ${point}`);
    assert.equal(new Set(after).size, 1, `killed after ${point}: ${after.join(' ')}`);
    await replaceFolder(target, filesOf('new'));
    assert.match((await contents(target)).join(), /^a.json: new a.json,b\/c.json: new/);
    assert.equal((await readdir(folder)).length, 2, 'nothing is left behind');
    if (signal === null) {
      assert.ok(point > 4, `${point} writes`);
      return;
    }
  }
});

function child(target: string, point: number) {
  const script = `
    import { replaceFolder } from ${JSON.stringify(join(import.meta.dirname, 'replace-folder.ts'))};
    const files = ['a.json', 'b/c.json', 'b/d.json'].map((path) => ({ path, bytes: Buffer.from('new ' + path) }));
    await replaceFolder(process.env.TARGET, files);`;
  return spawnSync(process.execPath, ['--input-type=module', '-e', script], {
    env: { ...process.env, TARGET: target, SUTURE_CRASH_AT: String(point) },
    timeout: 30_000,
  });
}

async function contents(folder: string): Promise<readonly string[]> {
  const found: string[] = [];
  for await (const { path, bytes } of readFolder(folder)) found.push(`${path}: ${Buffer.from(bytes).toString()}`);
  return found;
}

async function temporary(t: TestContext): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'suture-replace-'));
  t.after(() => rm(folder, { recursive: true, force: true }));
  return folder;
}
