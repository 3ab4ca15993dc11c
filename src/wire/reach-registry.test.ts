import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { placesOf } from './places.ts';
import { reachRegistry } from './reach-registry.ts';

test('reachRegistry() on any free port names images the same each time, for signed documents hold the name', async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'suture-reach-'));
  t.after(() => rm(folder, { recursive: true, force: true }));
  const clock = { now: () => Temporal.Instant.from('2026-03-02T08:00:00Z') };
  const deps = { clock, blobs: { get: async () => undefined } };
  for (const _time of ['first', 'second']) {
    const reached = await reachRegistry({ kind: 'embedded', port: 0 }, placesOf(folder, {}), deps);
    assert.match(reached.host, /^127\.0\.0\.1:[1-9]\d+$/);
    assert.equal(reached.publicName('hello'), 'localhost/hello');
    await reached.close();
  }
});
