import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { cp, mkdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test, type TestContext } from 'node:test';
import { listenRegistry, type ListeningRegistry } from '../../src/io/registry/listen.ts';
import { publicKeyFile } from '../../src/io/signing/keys.ts';
import { placesOf } from '../../src/wire/places.ts';
import { cosignJudge } from '../support/cosign.ts';
import { arch, writeDebianLine } from '../support/debian-line.ts';
import { dockerRegistry } from '../support/docker-registry.ts';
import { isolationOr } from '../support/isolation.ts';
import { suture } from '../support/made-up-world.ts';
import { pullLayout, runWithRunc, unpackedBundle } from '../support/oci-bundle.ts';
import { toolPath } from '../support/tool.ts';
import { conformanceTool } from '../support/tools-root.ts';

/** A line on Debian, published by the command as people run it, before the programs that people pull and check with. */

interface World {
  readonly catalog: string;
  readonly registry: ListeningRegistry;
  /** `127.0.0.1:PORT/greeting:1`. */
  readonly image: string;
  readonly index: IndexJson;
}

interface IndexJson {
  readonly manifests: readonly {
    readonly digest: string;
    readonly platform?: { readonly os: string; readonly architecture: string };
    readonly annotations?: Readonly<Record<string, string>>;
  }[];
}

const PAPERS = {
  slsaprovenance1: 'https://slsa.dev/provenance/v1',
  spdxjson: 'https://spdx.dev/Document',
  cyclonedx: 'https://cyclonedx.org/bom',
  openvex: 'https://openvex.dev/ns',
} as const;

const scratch = mkdtempSync(join(tmpdir(), 'suture-debian-'));
let world: Promise<World> | undefined;
after(async () => {
  await (await world?.catch(() => undefined))?.registry.close();
  rmSync(scratch, { recursive: true, force: true });
});

async function worldOr(t: TestContext): Promise<World | undefined> {
  if (toolPath(t, 'apt') === undefined || (await isolationOr(t, 'bubblewrap')) === undefined) return undefined;
  world ??= publishTwice(join(scratch, 'catalog'));
  const isRequired = (process.env['SUTURE_REQUIRE'] ?? '').split(',').includes('apt');
  return world.catch((error: unknown) => {
    if (isRequired || !/E0203/.test(String(error))) throw error;
    t.skip('skipped: apt reaches no Debian from here');
    return undefined;
  });
}

/** What 1.1 fixes is known by the time it is published, so its image has VEX. */
async function publishTwice(catalog: string): Promise<World> {
  for (const version of ['1.0', '1.1']) {
    writeDebianLine(catalog, { version, registry: '{ embedded: { port: 0 } }' });
    await runWhole(catalog);
  }
  const folder = placesOf(catalog, {}).registry;
  const registry = await listenRegistry({ folder, clock: () => Temporal.Now.instant(), port: 0 });
  return { catalog, registry, image: `${registry.host}/greeting:1`, index: await indexOf(registry.host) };
}

async function runWhole(catalog: string): Promise<void> {
  const { exitCode, out, err } = await suture(['run', '--cwd', catalog, '--json']);
  assert.equal(exitCode, 0, err + out);
  assert.equal((JSON.parse(out) as { done: Record<string, number> }).done['confirm-image'], 1, out);
}

async function indexOf(host: string): Promise<IndexJson> {
  const accept = 'application/vnd.oci.image.index.v1+json';
  const answer = await fetch(`http://${host}/v2/greeting/manifests/1`, { headers: { accept } });
  return (await answer.json()) as IndexJson;
}

const SAID = /^greetings, world, from 1\.1 by (0|65532)\n$/;

test('skopeo inspects and copies a Debian line', async (t) => {
  const made = await worldOr(t);
  const skopeo = made && (await conformanceTool(t, 'skopeo', [scratch]));
  if (made === undefined || skopeo === undefined) return;
  const inspected = await skopeo.run(['inspect', '--tls-verify=false', `docker://${made.image}`]);
  const { Architecture, Layers } = JSON.parse(inspected) as { Architecture: string; Layers: readonly string[] };
  assert.equal(Architecture, arch);
  assert.ok(Layers.length > 1);
  const layout = join(scratch, 'layout');
  await pullLayout(skopeo, { image: made.image, architecture: arch, folder: layout });
  const copied = await skopeo.run(['inspect', '--raw', `oci:${layout}:image`]);
  assert.deepEqual(
    (JSON.parse(copied) as { layers: readonly { digest: string }[] }).layers.map(({ digest }) => digest),
    Layers,
  );
});

for (const owner of ['root', 'user'] as const) {
  test(`umoci unpacks a Debian line and runc runs it, as ${owner}`, async (t) => {
    const made = await worldOr(t);
    const bundle = made && (await unpackedBundle(t, made.image, owner));
    if (bundle === undefined) return;
    assert.match(readFileSync(join(bundle, 'rootfs/usr/lib/os-release'), 'utf8'), /^ID=debian$/m);
    assert.match(readFileSync(join(bundle, 'rootfs/var/lib/dpkg/status'), 'utf8'), /^Package: greeting$/m);
    const said = await runWithRunc(t, bundle, owner);
    if (said !== undefined) assert.match(said, SAID);
  });
}

test('cosign verifies the signature and every paper of a Debian line, and refuses another key', async (t) => {
  const made = await worldOr(t);
  const cosign = made && (await cosignJudge(t, publicKeyOf(made.catalog)));
  if (made === undefined || cosign === undefined) return;
  await cosign.verify(made.image);
  for (const { digest } of made.index.manifests) {
    const manifest = made.image.replace(/:1$/, `@${digest}`);
    for (const type of Object.keys(PAPERS)) await cosign.verifyAttestation(manifest, type);
  }
});

test('oras finds and pulls every paper of a Debian line', async (t) => {
  const made = await worldOr(t);
  const oras = made && (await conformanceTool(t, 'oras', [scratch]));
  if (made === undefined || oras === undefined) return;
  for (const { digest } of made.index.manifests) {
    const repository = made.image.replace(/:1$/, '');
    const found = JSON.parse(
      await oras.run(['discover', '--plain-http', '--format', 'json', `${repository}@${digest}`]),
    ) as IndexJson;
    assert.deepEqual(
      found.manifests.map(({ annotations }) => annotations?.['dev.sigstore.bundle.predicateType'] ?? '').sort(),
      Object.values(PAPERS).sort(),
    );
    for (const [number, paper] of found.manifests.entries()) {
      const folder = join(scratch, `paper-${number}`);
      await oras.run(['pull', '--plain-http', '--output', folder, `${repository}@${paper.digest}`]);
      const [file = ''] = readdirSync(folder);
      assert.match(file, /^(provenance|spdx|cyclonedx|openvex)\.sigstore\.json$/);
      assert.match(readFileSync(join(folder, file), 'utf8'), /"mediaType":"application\/vnd\.dev\.sigstore\.bundle/);
    }
  }
});

test('docker-registry holds what suture run publishes to it, confirmed from there and found by the tools', async (t) => {
  const made = await worldOr(t);
  const host = made && (await dockerRegistry(t));
  if (made === undefined || host === undefined) return;
  const catalog = join(scratch, 'other');
  await mkdir(placesOf(catalog, {}).state, { recursive: true });
  await cp(placesOf(made.catalog, {}).cache, placesOf(catalog, {}).cache, { recursive: true, verbatimSymlinks: true });
  writeDebianLine(catalog, { version: '1.1', registry: `{ host: "${host}", plain-http: true }` });
  await runWhole(catalog);
  const verified = await suture(['verify', 'greeting:1', '--cwd', catalog]);
  assert.equal(verified.exitCode, 0, verified.out + verified.err);

  const image = `${host}/greeting:1`;
  const bundle = await unpackedBundle(t, image, process.getuid?.() === 0 ? 'root' : 'user');
  const said = bundle && (await runWithRunc(t, bundle, process.getuid?.() === 0 ? 'root' : 'user'));
  if (said !== undefined) assert.match(said, SAID);
  const cosign = await cosignJudge(t, publicKeyOf(catalog));
  if (cosign === undefined) return;
  await cosign.verify(image);
  for (const { digest } of (await indexOf(host)).manifests) {
    for (const type of ['slsaprovenance1', 'spdxjson', 'cyclonedx']) {
      await cosign.verifyAttestation(`${host}/greeting@${digest}`, type);
    }
  }
});

function publicKeyOf(catalog: string): string {
  return readFileSync(join(placesOf(catalog, {}).keys, publicKeyFile), 'utf8');
}
