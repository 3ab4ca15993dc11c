import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { memoryCache } from '../../src/factory/image/cache.ts';
import { confirmImage } from '../../src/factory/image/confirm-image.ts';
import { publishImage } from '../../src/factory/image/publish-image.ts';
import type { VexEntry } from '../../src/formats/openvex/encode-openvex.ts';
import { memoryBlobs } from '../support/composed-line.ts';
import { cosignJudge } from '../support/cosign.ts';
import { dockerRegistry } from '../support/docker-registry.ts';
import { clientOf, loopbackRegistry, newSigner, publication } from '../support/published-line.ts';
import { conformanceTool } from '../support/tools-root.ts';

/** Programs of others judge our registry, our client and our signatures. */

test('skopeo copies an image out of our registry and into it, and both are the same', async (t) => {
  const folder = await temporary(t);
  const skopeo = await conformanceTool(t, 'skopeo', [folder]);
  if (skopeo === undefined) return;
  const world = await loopbackRegistry(t);
  const sign = newSigner();
  const published = await publish(world, sign);
  const from = `docker://${world.host}/hello:1`;
  const copy = (source: string, target: string) => {
    const tls = [source, target].flatMap((one, index) =>
      one.startsWith('docker:') ? [index === 0 ? '--src-tls-verify=false' : '--dest-tls-verify=false'] : [],
    );
    return skopeo.run(['copy', '--all', '--insecure-policy', ...tls, source, target]);
  };
  await copy(from, `oci:${folder}/layout:1`);
  await copy(`oci:${folder}/layout:1`, `docker://${world.host}/copied/hello:1`);
  assert.equal((await world.registry.resolve('copied/hello', '1'))?.digest, published.digest);
  await copy(from, `docker://${world.host}/copied/again:1`);
  assert.equal((await world.registry.resolve('copied/again', '1'))?.digest, published.digest);
  const tags = await skopeo.run(['list-tags', '--tls-verify=false', `docker://${world.host}/hello`]);
  assert.ok((JSON.parse(tags) as { Tags: string[] }).Tags.includes('1'));
});

test('cosign verifies our signatures and attestations, and refuses another key', async (t) => {
  const sign = newSigner();
  const cosign = await cosignJudge(t, sign.publicKey);
  if (cosign === undefined) return;
  const world = await loopbackRegistry(t);
  const published = await publish(world, sign);
  await cosign.verify(`${world.host}/hello:1`);
  const manifest = `${world.host}/hello@${published.manifests.amd64}`;
  for (const type of ['slsaprovenance1', 'spdxjson', 'cyclonedx', 'openvex']) {
    await cosign.verifyAttestation(manifest, type, 'bundle');
    await cosign.verifyAttestation(manifest, type, 'tag');
  }
});

test('docker-registry takes what our client publishes, and gives it back', async (t) => {
  const host = await dockerRegistry(t);
  if (host === undefined) return;
  const blobs = memoryBlobs();
  const world = { host, blobs, registry: clientOf(host, blobs) };
  const sign = newSigner();
  const published = await publish(world, sign);
  assert.deepEqual(await publish(world, sign), published);
  const manifest = published.manifests.amd64;
  assert.ok(manifest);
  const listed = await world.registry.referrers('hello', manifest);
  assert.equal(listed.length, 4);
  const request = await publication(world, sign);
  const confirmed = await confirmImage(
    { line: request.line, published },
    { ...world, pulledLayers: memoryCache<never>(10) },
  );
  assert.equal(confirmed.kind, 'confirmed');
  // A document that is gone must not keep the next one from being attached.
  for (const one of listed) await world.registry.detach('hello', manifest, one.digest);
  assert.deepEqual(await world.registry.referrers('hello', manifest), []);
  await publish(world, sign);
  assert.equal((await world.registry.referrers('hello', manifest)).length, 4);
});

const waiting: VexEntry = {
  vulnerability: 'CVE-2026-0001',
  aliases: [],
  components: [],
  standing: 'waiting',
  due: null,
  status: 'affected',
  action: 'wait',
};

async function publish(
  world: Pick<Awaited<ReturnType<typeof loopbackRegistry>>, 'host' | 'blobs' | 'registry'>,
  sign: ReturnType<typeof newSigner>,
) {
  const publicName = (repository: string) => `${world.host}/${repository}`;
  const deps = { registry: world.registry, sign, publicName, forOlderTools: true };
  return publishImage(await publication(world, sign, { vex: [waiting] }), deps);
}

async function temporary(t: TestContext): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'suture-tools-'));
  t.after(() => rm(folder, { recursive: true, force: true }));
  return folder;
}
