import assert from 'node:assert/strict';
import { test } from 'node:test';
import { obligation } from '../../../test/support/obligation.ts';
import { line } from '../../../test/support/literals.ts';
import { loopbackRegistry, newSigner, publication, receiptsTarget } from '../../../test/support/published-line.ts';
import { digestOf } from '../../core/digest.ts';
import { decodeInventory } from '../../core/match/inventory-json.ts';
import { attachReceipts } from './attach-receipts.ts';
import { memoryCache } from './cache.ts';
import { confirmImage } from './confirm-image.ts';
import type { Registry } from './image.ts';
import { publishImage } from './publish-image.ts';

const publicName = (repository: string) => `registry.example/${repository}`;

test('publishImage() moves the tag last, and a failure before that leaves the tag as it was', async (t) => {
  const world = await loopbackRegistry(t);
  const sign = newSigner();
  const request = await publication(world, sign, { architectures: ['amd64', 'arm64'] });
  const calls: string[] = [];
  const recording = recorder(world.registry, calls);
  await publishImage(request, { registry: recording, sign, publicName });
  assert.equal(calls.at(-1), 'tag 1');
  assert.equal(calls.filter((call) => call === 'attach').length, 6);
  assert.equal(calls.filter((call) => call.startsWith('pushManifest sha256-')).length, 3);

  // pushLine, three documents, two signatures, the tag.
  for (const failAt of [1, 3, 5, 6, 7]) {
    const next = await publication(world, sign, { packages: [{ name: 'hello', version: `1.0.2-r${failAt}` }] });
    const failing = failingAfter(world.registry, failAt);
    await assert.rejects(publishImage(next, { registry: failing, sign, publicName }), /the power failed/);
    assert.equal((await world.registry.resolve('hello', '1'))?.digest, request.composed.index.digest);
  }
});

test('publishImage() a second time changes nothing and returns the same', async (t) => {
  const world = await loopbackRegistry(t);
  const sign = newSigner();
  const deps = { registry: world.registry, sign, publicName };
  const first = await publishImage(await publication(world, sign), deps);
  // Signed again: other signatures over the same statements.
  const again = await publishImage(await publication(world, sign), deps);
  assert.deepEqual(again, first);
  const manifest = first.manifests.amd64 ?? digestOf('none');
  assert.equal((await world.registry.referrers('hello', manifest)).length, 3);
  assert.deepEqual(first.packages, ['hello=1.0.1-r0']);
});

test('confirmImage() reads each architecture from the pulled bytes, at the time that the registry says', async (t) => {
  let at = Temporal.Instant.from('2026-08-02T11:40:13.400Z');
  const world = await loopbackRegistry(t, () => at);
  const sign = newSigner();
  const request = await publication(world, sign, { architectures: ['amd64', 'arm64'] });
  const published = await publishImage(request, { registry: world.registry, sign, publicName });
  at = at.add({ seconds: 5 });
  const pulledLayers = memoryCache<never>(100);
  const confirmation = await confirmImage({ line: request.line, published }, { ...world, pulledLayers });
  assert.equal(confirmation.kind, 'confirmed');
  if (confirmation.kind !== 'confirmed') return;
  assert.deepEqual(
    confirmation.images.map((image) => [image.architecture, image.digest, image.registryDate.toString()]),
    request.composed.images.map((image) => [image.architecture, image.manifest.digest, '2026-08-02T11:40:18Z']),
  );
  for (const [index, image] of confirmation.images.entries()) {
    assert.deepEqual(image.inventory, request.composed.images[index]?.inventory);
    const kept = await world.blobs.get(image.inventoryDigest);
    assert.deepEqual(kept && decodeInventory(kept), image.inventory);
  }
});

test('confirmImage() pulls a layer once in a run, and every layer in the next run', async (t) => {
  const world = await loopbackRegistry(t);
  const sign = newSigner();
  const request = await publication(world, sign);
  const published = await publishImage(request, { registry: world.registry, sign, publicName });
  const calls: string[] = [];
  const registry = recorder(world.registry, calls);
  const blobPulls = () => calls.filter((call) => call === 'blob').length;
  const run = { registry, blobs: world.blobs, pulledLayers: memoryCache<never>(100) };
  await confirmImage({ line: request.line, published }, run);
  assert.equal(blobPulls(), 3);
  await confirmImage({ line: request.line, published }, run);
  assert.equal(blobPulls(), 4);
  await confirmImage({ line: request.line, published }, { ...run, pulledLayers: memoryCache<never>(100) });
  assert.equal(blobPulls(), 7);
});

test('confirmImage() is different: the tag is missing, moved on, or lacks an architecture', async (t) => {
  const world = await loopbackRegistry(t);
  const sign = newSigner();
  const deps = { ...world, pulledLayers: memoryCache<never>(100) };
  const request = await publication(world, sign);
  const published = { digest: request.composed.index.digest, manifests: {} };
  const absent = await confirmImage({ line: request.line, published }, deps);
  assert.deepEqual([absent.kind, absent.kind === 'different' && absent.found], ['different', null]);

  const first = await publishImage(request, { registry: world.registry, sign, publicName });
  const both = line({ architectures: ['amd64', 'arm64'] });
  assert.equal((await confirmImage({ line: both, published: first }, deps)).kind, 'different');

  const next = await publication(world, sign, { packages: [{ name: 'hello', version: '1.0.2-r0' }] });
  const second = await publishImage(next, { registry: world.registry, sign, publicName });
  const moved = await confirmImage({ line: request.line, published: first }, deps);
  assert.deepEqual([moved.kind, moved.kind === 'different' && moved.found], ['different', second.digest]);
});

test('attachReceipts() signs one receipt for each obligation that ended, once', async (t) => {
  const world = await loopbackRegistry(t);
  const sign = newSigner();
  const published = await publishImage(await publication(world, sign), { registry: world.registry, sign, publicName });
  const obligations = [
    obligation({ vulnerability: 'CVE-2026-1', line: 'hello:1', standing: 'met', t1: '2026-08-02T10:00:00Z' }),
    obligation({ vulnerability: 'CVE-2026-2', line: 'hello:1', standing: 'missed', t1: '2026-08-02T10:00:00Z' }),
    obligation({ vulnerability: 'CVE-2026-3', line: 'hello:1', standing: 'on-track' }),
  ];
  const deps = { registry: world.registry, sign, publicName };
  const target = await receiptsTarget(world.registry, published);
  const receipts = await attachReceipts(obligations, target, deps);
  assert.deepEqual(
    receipts.map((receipt) => receipt.obligation),
    obligations.slice(0, 2).map((one) => one.id),
  );
  assert.deepEqual(await attachReceipts(obligations, target, deps), receipts);
  assert.equal((await world.registry.referrers('hello', published.digest)).length, 2);
});

function recorder(registry: Registry, calls: string[]): Registry {
  return watched(registry, (call) => {
    calls.push(call);
  });
}

/** Fails at the nth call that changes the registry. */
function failingAfter(registry: Registry, failAt: number): Registry {
  let changes = 0;
  return watched(registry, (call) => {
    if (call.startsWith('resolve') || call === 'referrers') return;
    changes += 1;
    if (changes === failAt) throw new Error('the power failed');
  });
}

function watched(registry: Registry, watch: (call: string) => void): Registry {
  const seen = <T>(call: string, work: () => Promise<T>): Promise<T> => {
    watch(call);
    return work();
  };
  return {
    pushLine: async (...args) => seen('pushLine', () => registry.pushLine(...args)),
    attach: async (...args) => seen('attach', () => registry.attach(...args)),
    pushManifest: async (...args) => seen(`pushManifest ${args[2]}`, () => registry.pushManifest(...args)),
    detach: async (...args) => seen('detach', () => registry.detach(...args)),
    resolve: async (...args) => seen(`resolve ${args[1]}`, () => registry.resolve(...args)),
    blob: async (...args) => seen('blob', () => registry.blob(...args)),
    tag: async (...args) => seen(`tag ${args[1]}`, () => registry.tag(...args)),
    referrers: async (...args) => seen('referrers', () => registry.referrers(...args)),
  };
}
