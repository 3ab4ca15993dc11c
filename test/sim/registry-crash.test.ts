import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
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
  const counted = await temporary(t);
  const writes = Number(
    /durable writes: (\d+)/.exec(publish(counted, '1.0.1-r0', { SUTURE_CRASH_COUNT: '1' }).stderr)?.[1],
  );
  assert.ok(writes > 20, `${writes} durable writes`);
  // Every write by night; else the first, the last, and some between.
  const points = Array.from({ length: writes }, (_, index) => index + 1);
  const chosen = long ? points : points.filter((point) => point === writes || point % Math.ceil(writes / 5) === 1);
  for (const point of chosen) await killedAt(t, point);
});

async function killedAt(t: TestContext, point: number): Promise<void> {
  const folder = await temporary(t);
  const old = publish(folder, '1.0.0-r0', {}).stdout.trim();
  const killed = publish(folder, '1.0.1-r0', { SUTURE_CRASH_AT: String(point) });
  const afterCrash = await look(folder);
  // One digest or the other, never anything between; the process may also have ended before that many writes.
  if (killed.signal === 'SIGKILL' && afterCrash.digest !== old) assert.equal(afterCrash.answer, 'yes');
  if (afterCrash.digest === old) assert.equal(afterCrash.answer, 'yes', `after ${point}: ${afterCrash.said}`);
  const next = publish(folder, '1.0.1-r0', {}).stdout.trim();
  const healed = await look(folder);
  assert.deepEqual([healed.digest, healed.answer], [next, 'yes'], `after ${point}: ${healed.said}`);
  assert.deepEqual(await readdir(join(folder, 'registry/uploads')), []);
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
