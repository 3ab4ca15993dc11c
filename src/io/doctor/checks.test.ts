import assert from 'node:assert/strict';
import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer as createHttpServer } from 'node:http';
import { createServer } from 'node:net';
import type { AddressInfo, Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { check, works } from './check.ts';
import { runChecks } from './checks.ts';
import { lookAtClock } from './look-at-clock.ts';
import { lookAtRegistryPort } from './look-at-registry-port.ts';
import { lookAtBuildRoot } from './look-at-sandbox.ts';

let scratch = '';
before(async () => {
  scratch = await mkdtemp(join(tmpdir(), 'suture-doctor-'));
});
after(() => rm(scratch, { recursive: true, force: true }));

const now = Temporal.Instant.from('2099-01-01T00:00:00Z');

test('runChecks() looks at everything, and every trouble has one fix', async () => {
  const settings = { stateFolder: join(scratch, 'not/yet'), registryPort: await freePort(), buildRoot: null };
  const checks = await runChecks({ ...settings, now: () => now, lastRecordedAt: null });
  assert.deepEqual(
    checks.slice(0, 8).map((each) => each.name),
    ['node', 'git', 'sandbox', 'limits', 'disk', 'store', 'clock', 'registry'],
  );
  for (const { name, state, words, fix } of checks) {
    assert.equal(fix !== null, state === 'fails' || state === 'warns', name);
    for (const line of [words, fix ?? '']) assert.ok(!line.includes('\n'), name);
  }
  assert.equal(checks.find((each) => each.name === 'node')?.state, 'works');
  assert.equal(checks.find((each) => each.name === 'store')?.state, 'works');
});

test('check() is a finding: what a look throws, and its silence', async () => {
  const thrown = await check('x', true, () => Promise.reject(new Error('no such thing\n  at y')));
  assert.deepEqual([thrown.state, thrown.words], ['fails', 'no such thing']);
  const silent = await check('x', true, () => new Promise(() => {}), 0.01);
  assert.deepEqual([silent.state, silent.words], ['fails', 'did not answer within 0.01 s']);
  assert.equal((await check('x', true, async () => works('fine'))).state, 'works');
});

test('lookAtClock() fails behind the ledger: two seconds are let through, three are not', async () => {
  const look = async (seconds: number) =>
    (await lookAtClock({ now: () => now, lastRecordedAt: now.add({ seconds }) })).state;
  assert.deepEqual([await look(2), await look(3)], ['works', 'fails']);
  const old = await lookAtClock({ now: () => Temporal.Instant.from('2000-01-01T00:00:00Z'), lastRecordedAt: null });
  assert.equal(old.state, 'warns');
});

test('lookAtRegistryPort() works: free, or a registry there; fails: something else there', async (t) => {
  assert.equal((await lookAtRegistryPort(await freePort())).state, 'works');
  const registry = createHttpServer((request, answer) => answer.writeHead(request.url === '/v2/' ? 200 : 404).end());
  const other = createServer((socket) => socket.end('hello\n'));
  t.after(() => [registry, other].map((server) => server.close()));
  assert.match((await lookAtRegistryPort(await portOf(registry))).words, /a registry answers/);
  assert.equal((await lookAtRegistryPort(await portOf(other))).state, 'fails');
});

test('lookAtBuildRoot() fails: nothing there, no shell; works: a shell, a layout', async () => {
  const root = join(scratch, 'root');
  assert.equal((await lookAtBuildRoot(root)).state, 'fails');
  await mkdir(join(root, 'bin'), { recursive: true });
  assert.equal((await lookAtBuildRoot(root)).state, 'fails');
  await writeFile(join(root, 'bin/sh'), '');
  await chmod(join(root, 'bin/sh'), 0o755);
  assert.equal((await lookAtBuildRoot(root)).state, 'works');
  const layout = join(scratch, 'layout');
  await mkdir(layout);
  await writeFile(join(layout, 'oci-layout'), '{}');
  assert.equal((await lookAtBuildRoot(layout)).state, 'works');
});

async function freePort(): Promise<number> {
  const server = createServer();
  const port = await portOf(server);
  await new Promise((resolve) => server.close(resolve));
  return port;
}

async function portOf(server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port;
}
