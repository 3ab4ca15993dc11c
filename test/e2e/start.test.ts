import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';

test('suture init, then run: the starter catalog builds, is published, confirmed and verifies', async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'suture-start-'));
  t.after(() => rm(folder, { recursive: true, force: true }));
  assert.equal((await suture(['init', folder])).exitCode, 0);
  await usePort(folder, 0);
  assert.equal((await suture(['config', 'check', '--cwd', folder])).exitCode, 0);
  const run = await suture(['run', '--cwd', folder, '--json']);
  assert.equal(run.exitCode, 0, run.err);
  assert.deepEqual(JSON.parse(run.out).done, {
    'build-package': 1,
    'compose-image': 1,
    'verify-image': 1,
    'publish-image': 1,
    'confirm-image': 1,
    'attach-receipts': 1,
  });
  const again = await suture(['run', '--cwd', folder, '--json']);
  assert.deepEqual([again.exitCode, JSON.parse(again.out).done], [0, {}], 'nothing to do is done');
  assert.equal((await suture(['ledger', 'verify', '--cwd', folder])).exitCode, 0);
  assert.equal((await suture(['verify', 'hello:1', '--cwd', folder])).exitCode, 0);
});

/** The embedded registry of a test takes any free port; the change is committed, for only what is committed counts. */
async function usePort(folder: string, port: number): Promise<void> {
  const file = join(folder, 'suture.yaml');
  await writeFile(file, (await readFile(file, 'utf8')).replace('port: 5050', `port: ${port}`));
  await program('git', [
    '-C',
    folder,
    '-c',
    'user.name=Test',
    '-c',
    'user.email=test@localhost',
    'commit',
    '--quiet',
    '-am',
    'Any free port',
  ]);
}

function suture(args: readonly string[]) {
  return program('sh', [join(import.meta.dirname, '../../bin/suture'), ...args]);
}

interface Ended {
  readonly exitCode: number;
  readonly out: string;
  readonly err: string;
}

function program(command: string, args: readonly string[]): Promise<Ended> {
  return new Promise((resolve) => {
    execFile(command, args, { timeout: 120_000 }, (error, out, err) =>
      resolve({ exitCode: error === null ? 0 : Number(error.code ?? 1), out, err }),
    );
  });
}
