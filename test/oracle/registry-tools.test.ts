import assert from 'node:assert/strict';
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { memoryCache } from '../../src/factory/image/cache.ts';
import { confirmImage } from '../../src/factory/image/confirm-image.ts';
import { publishImage } from '../../src/factory/image/publish-image.ts';
import type { VexEntry } from '../../src/formats/openvex/encode-openvex.ts';
import { memoryBlobs } from '../support/composed-line.ts';
import { clientOf, loopbackRegistry, newSigner, publication } from '../support/published-line.ts';
import { toolPath } from '../support/tool.ts';

/** Programs of others judge our registry, our client and our signatures. */

const run = promisify(execFile);
const limits = { timeout: 60_000, maxBuffer: 16 * 1024 * 1024 };

test('skopeo copies an image out of our registry and into it, and both are the same', async (t) => {
  const skopeo = toolPath(t, 'skopeo');
  if (skopeo === undefined) return;
  const world = await loopbackRegistry(t);
  const sign = newSigner();
  const published = await publish(world, sign);
  const folder = await temporary(t);
  const from = `docker://${world.host}/hello:1`;
  const copy = (source: string, target: string) => {
    const tls = [source, target].flatMap((one, index) =>
      one.startsWith('docker:') ? [index === 0 ? '--src-tls-verify=false' : '--dest-tls-verify=false'] : [],
    );
    return run(skopeo, ['copy', '--all', '--insecure-policy', ...tls, source, target], limits);
  };
  await copy(from, `oci:${folder}/layout:1`);
  await copy(`oci:${folder}/layout:1`, `docker://${world.host}/copied/hello:1`);
  assert.equal((await world.registry.resolve('copied/hello', '1'))?.digest, published.digest);
  await copy(from, `docker://${world.host}/copied/again:1`);
  assert.equal((await world.registry.resolve('copied/again', '1'))?.digest, published.digest);
  const tags = await run(skopeo, ['list-tags', '--tls-verify=false', `docker://${world.host}/hello`], limits);
  assert.ok((JSON.parse(tags.stdout) as { Tags: string[] }).Tags.includes('1'));
});

test('cosign verifies our signatures and attestations, and refuses another key', async (t) => {
  const cosign = toolPath(t, 'cosign');
  if (cosign === undefined) return;
  const world = await loopbackRegistry(t);
  const sign = newSigner();
  const published = await publish(world, sign);
  const folder = await temporary(t);
  const key = join(folder, 'key.pub');
  const strangerKey = join(folder, 'stranger.pub');
  const root = join(folder, 'root.json');
  await writeFile(key, sign.publicKey);
  await writeFile(strangerKey, newSigner().publicKey);
  // Without a root of its own cosign asks the network for one.
  await writeFile(root, '{"mediaType":"application/vnd.dev.sigstore.trustedroot+json;version=0.1"}');
  const offline = ['--insecure-ignore-tlog=true', '--allow-http-registry'];
  const options = { ...limits, env: { ...process.env, HOME: folder } };
  const image = `${world.host}/hello:1`;
  await run(cosign, ['verify', '--key', key, ...offline, image], options);
  await assert.rejects(run(cosign, ['verify', '--key', strangerKey, ...offline, image], options));

  const manifest = `${world.host}/hello@${published.manifests.amd64}`;
  const attested = (with_: string, type: string, more: readonly string[]) =>
    run(cosign, ['verify-attestation', '--key', with_, '--type', type, ...offline, ...more, manifest], options);
  const bundles = ['--new-bundle-format', '--trusted-root', root];
  await attested(key, 'slsaprovenance1', bundles);
  await assert.rejects(attested(strangerKey, 'slsaprovenance1', bundles));
  for (const type of ['slsaprovenance1', 'spdxjson', 'cyclonedx', 'openvex']) await attested(key, type, []);
  await assert.rejects(attested(strangerKey, 'slsaprovenance1', []));
});

test('docker-registry takes what our client publishes, and gives it back', async (t) => {
  const path = toolPath(t, 'docker-registry');
  if (path === undefined) return;
  const host = await dockerRegistry(t, path);
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

async function dockerRegistry(t: TestContext, path: string): Promise<string> {
  const folder = await temporary(t);
  const host = `127.0.0.1:${await freePort()}`;
  const config = join(folder, 'config.yml');
  await writeFile(
    config,
    [
      'version: 0.1',
      'log: { level: error }',
      `storage: { filesystem: { rootdirectory: ${folder}/data }, delete: { enabled: true } }`,
      `http: { addr: "${host}" }`,
      '',
    ].join('\n'),
  );
  const server = spawn(path, ['serve', config], { stdio: 'ignore' });
  const ended = once(server, 'exit');
  t.after(async () => {
    server.kill();
    await ended;
  });
  for (let attempt = 0; attempt < 200; attempt += 1) {
    const up = await fetch(`http://${host}/v2/`).catch(() => undefined);
    if (up?.ok === true) return host;
    await sleep(25);
  }
  return assert.fail(`docker-registry did not start: ${await readFile(config, 'utf8')}`);
}

/** Free a moment ago: docker-registry cannot be told to take any. */
async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  return port;
}

async function temporary(t: TestContext): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'suture-tools-'));
  t.after(() => rm(folder, { recursive: true, force: true }));
  return folder;
}
