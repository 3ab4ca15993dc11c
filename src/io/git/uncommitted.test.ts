import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { uncommittedIn } from './uncommitted.ts';

test('uncommittedIn() names what of a catalog was changed or added since the last commit, and nothing else', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'suture-uncommitted-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  assert.deepEqual(await uncommittedIn(folder), [], 'no repository');
  const run = (...args: readonly string[]) =>
    execFileSync('git', ['-c', 'user.name=A', '-c', 'user.email=a@example.org', ...args], { cwd: folder });
  run('init', '-q');
  writeFileSync(join(folder, 'suture.yaml'), 'name: a\n');
  run('add', '.');
  run('commit', '-qm', 'A');
  assert.deepEqual(await uncommittedIn(folder), []);
  mkdirSync(join(folder, 'lines'));
  for (const name of ['suture.yaml', 'exceptions.yaml', 'lines/a.yaml', 'notes.txt']) {
    writeFileSync(join(folder, name), 'other\n');
  }
  assert.deepEqual([...(await uncommittedIn(folder))].sort(), ['exceptions.yaml', 'lines/a.yaml', 'suture.yaml']);
});
