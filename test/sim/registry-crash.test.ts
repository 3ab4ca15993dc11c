import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { cp, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { verifierOf } from '../../src/formats/dsse/signing-key.ts';
import { memoryCache } from '../../src/factory/image/cache.ts';
import { readReference } from '../../src/factory/image/read-reference.ts';
import { listenRegistry } from '../../src/io/registry/listen.ts';
import { openSigner } from '../../src/io/signing/keys.ts';
import { verifyReference } from '../../src/views/verify-reference.ts';
import { clientOf, composedAt } from '../support/published-line.ts';

const script = join(import.meta.dirname, '../support/publish-and-crash.ts');
const long = process.env['SUTURE_LONG'] === '1';

test('a registry killed after any durable write shows the old image or the new one, whole, with all its papers', async (t) => {
  const before = await temporary(t);
  const old = publish(before, '1.0.0-r0', {}).stdout.trim();
  // Every write by night; else one between the documents.
  const points = long ? await everyWrite(t, before) : [15];
  for (const point of points) await killedAt(await copyOf(t, before), { point, old });
});

async function everyWrite(t: TestContext, before: string): Promise<readonly number[]> {
  const { stderr } = publish(await copyOf(t, before), '1.0.1-r0', { SUTURE_CRASH_COUNT: '1' });
  const writes = Number(/durable writes: (\d+)/.exec(stderr)?.[1]);
  assert.ok(writes > 20, `${writes} durable writes`);
  return Array.from({ length: writes }, (_, index) => index + 1);
}

async function killedAt(folder: string, { point, old }: { point: number; old: string }): Promise<void> {
  assert.equal(publish(folder, '1.0.1-r0', { SUTURE_CRASH_AT: String(point) }).signal, 'SIGKILL');
  const shown = await look(folder);
  assert.equal(shown.answer, 'yes', `after ${point}: ${shown.said}`);
  const next = publish(folder, '1.0.1-r0', {}).stdout.trim();
  assert.ok(shown.digest === old || shown.digest === next, `after ${point}`);
  const healed = await look(folder);
  assert.deepEqual([healed.digest, healed.answer], [next, 'yes'], `after ${point}: ${healed.said}`);
  assert.deepEqual(await readdir(join(folder, 'registry/uploads')), []);
}

async function copyOf(t: TestContext, folder: string): Promise<string> {
  const copy = await temporary(t);
  await cp(folder, copy, { recursive: true });
  return copy;
}

function publish(folder: string, version: string, environment: Record<string, string>) {
  return spawnSync(process.execPath, [script, folder, version], {
    encoding: 'utf8',
    env: { ...process.env, ...environment },
    timeout: 60_000,
  });
}

async function look(folder: string) {
  const listening = await listenRegistry({ folder: join(folder, 'registry'), clock: () => composedAt, port: 0 });
  try {
    const material = await readReference(
      { repository: 'hello', reference: '1', architecture: 'amd64' },
      { registry: clientOf(listening.host), pulledLayers: memoryCache<never>(10) },
    );
    assert.ok(material, 'the tag is there');
    const { publicKey } = await openSigner(join(folder, 'keys'));
    const verdict = verifyReference(material, { key: verifierOf(publicKey), now: composedAt });
    return { digest: material.index, answer: verdict.answer, said: JSON.stringify(verdict.checks) };
  } finally {
    await listening.close();
  }
}

async function temporary(t: TestContext): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'suture-crash-'));
  t.after(() => rm(folder, { recursive: true, force: true }));
  return folder;
}
