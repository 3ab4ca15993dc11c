import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';
import { runBounded } from './run-bounded.ts';
import type { BoundedRun } from './run-bounded.ts';

const plain: BoundedRun = {
  command: ['/bin/sh', '-c', ':'],
  env: { PATH: '/usr/bin:/bin' },
  timeoutSeconds: 20,
  outputBytesMax: 4096,
  onOverflow: 'kill',
};
const sh = (script: string, more: Partial<BoundedRun> = {}) =>
  runBounded({ ...plain, command: ['/bin/sh', '-c', script], ...more });
const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);

test('runBounded() gives exit code and both streams, and nothing of our own environment', async () => {
  const run = await sh('cat; echo err >&2; env; exit 3', { stdin: Buffer.from('in\n'), env: { ONLY: 'this' } });
  assert.equal(run.exitCode, 3);
  assert.equal(text(run.stderr), 'err\n');
  const lines = text(run.stdout).trim().split('\n');
  assert.deepEqual(
    lines.filter((line) => !/^(PWD|OLDPWD|SHLVL|_)=/.test(line)),
    ['in', 'ONLY=this'],
  );
  assert.equal(run.killedBy, null);
});

test('runBounded() reads no word as shell', async () => {
  const run = await runBounded({ ...plain, command: ['echo', '$(id)', '; id', '*'] });
  assert.equal(text(run.stdout), '$(id) ; id *\n');
});

test('runBounded() kills the whole group at its time limit, background children included', async () => {
  const run = await sh('sleep 300 & echo $!; sleep 300', { timeoutSeconds: 1 });
  assert.equal(run.killedBy, 'timeout');
  assert.equal(run.signal, 'SIGKILL');
  await gone(Number(text(run.stdout)));
});

test('runBounded() leaves nothing running: children that outlive the program', async () => {
  const run = await sh('sleep 300 & echo $!');
  assert.equal(run.exitCode, 0);
  await gone(Number(text(run.stdout)));
});

test('runBounded() waits no longer for a child that left the group but holds the pipes', async () => {
  const run = await sh('setsid sleep 5 & echo $!');
  assert.equal(run.exitCode, 0);
  const escaped = Number(text(run.stdout));
  if (escaped > 1) process.kill(escaped, 'SIGKILL');
});

test('runBounded() is killed by its output, or keeps the end of it: exactly at the bound, one byte more', async () => {
  const exact = await sh('printf %4096s x');
  assert.deepEqual([exact.killedBy, exact.stdout.length], [null, 4096]);
  const over = await sh('printf %4097s x; sleep 300');
  assert.equal(over.killedBy, 'output');
  const tail = await sh('printf a; printf %4096s x', { onOverflow: 'tail' });
  assert.deepEqual(
    [tail.killedBy, tail.stdout.length, tail.droppedBytes, text(tail.stdout.subarray(0, 1))],
    [null, 4096, 1, ' '],
  );
});

test('runBounded() rejects: a program that is not there', async () => {
  await assert.rejects(runBounded({ ...plain, command: ['/nonexistent'] }), /ENOENT/);
});

test('runBounded() is an answer: a program that never reads what it is given', async () => {
  const run = await sh('exit 0', { stdin: Buffer.alloc(1024 * 1024) });
  assert.equal(run.exitCode, 0);
});

/** A killed process may take a moment to be reaped by whoever inherited it. */
async function gone(pid: number): Promise<void> {
  assert.ok(pid > 1);
  for (let attempt = 0; attempt < 200; attempt += 1) {
    const state = await stateOf(pid);
    if (state === undefined || state === 'Z') return;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  assert.fail(`process ${pid} still runs`);
}

async function stateOf(pid: number): Promise<string | undefined> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => undefined);
  return stat?.slice(stat.lastIndexOf(')') + 2)[0];
}
