import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { promisify } from 'node:util';
import { listenRegistry, type ListeningRegistry } from '../../src/io/registry/listen.ts';
import { openSigner } from '../../src/io/signing/keys.ts';
import { placesOf } from '../../src/wire/places.ts';
import { cosignJudge } from '../support/cosign.ts';
import { isolationOr } from '../support/isolation.ts';
import { suture } from '../support/made-up-world.ts';
import { pullLayout, runWithRunc, unpackedBundle } from '../support/oci-bundle.ts';
import { toolPath } from '../support/tool.ts';
import { conformanceTool } from '../support/tools-root.ts';

/** Images that the made-up world published, pulled, unpacked and run by programs of others, on nothing but themselves. */

const run = promisify(execFile);
const limits = { timeout: 60_000, maxBuffer: 16 * 1024 ** 2 };
const SAID = 'hello 1.0.1: hello, world!\n';
const architectures = ['amd64', 'arm64'] as const;

let scratch = '';
let registry: ListeningRegistry | undefined;
before(async () => {
  scratch = mkdtempSync(join(tmpdir(), 'suture-conformance-'));
  const { exitCode, err } = await suture(['demo', '--exit', '--dir', join(scratch, 'world')]);
  assert.equal(exitCode, 0, err);
  const folder = placesOf(join(scratch, 'world/catalog'), {}).registry;
  registry = await listenRegistry({ folder, clock: () => Temporal.Instant.from('2026-03-02T18:00:00Z'), port: 0 });
});
after(async () => {
  await registry?.close();
  rmSync(scratch, { recursive: true, force: true });
});

test('skopeo copies the image of every architecture into a layout', async (t) => {
  const skopeo = await conformanceTool(t, 'skopeo', [scratch]);
  if (skopeo === undefined) return;
  for (const architecture of architectures) {
    const folder = join(scratch, architecture);
    await pullLayout(skopeo, { image: image(), architecture, folder });
    const config = JSON.parse(await skopeo.run(['inspect', '--config', `oci:${folder}:image`])) as {
      readonly architecture: string;
      readonly config: { readonly User: string };
    };
    assert.equal(config.architecture, architecture);
    assert.match(config.config.User, /^(nonroot|65532)/);
  }
});

test('skopeo inspects the index byte for byte, with both platforms', async (t) => {
  const skopeo = await conformanceTool(t, 'skopeo');
  if (skopeo === undefined) return;
  const served = await (await ask('manifests/1')).text();
  assert.equal(await skopeo.run(['inspect', '--raw', '--tls-verify=false', `docker://${image()}`]), served);
  assert.deepEqual(
    indexOf(served).manifests.map(({ platform }) => `${platform?.os}/${platform?.architecture}`),
    ['linux/amd64', 'linux/arm64'],
  );
});

test('cosign verifies the signature and every paper, and refuses another key', async (t) => {
  const { publicKey } = await openSigner(placesOf(join(scratch, 'world/catalog'), {}).keys);
  const cosign = await cosignJudge(t, publicKey);
  if (cosign === undefined) return;
  await cosign.verify(image());
  for (const { digest } of indexOf(await (await ask('manifests/1')).text()).manifests) {
    const manifest = image().replace(/:1$/, `@${digest}`);
    for (const type of ['slsaprovenance1', 'spdxjson', 'cyclonedx', 'openvex']) {
      await cosign.verifyAttestation(manifest, type);
    }
  }
});

test('every architecture has its SBOMs, VEX and provenance, and the index its receipt', async () => {
  const answer = await ask('manifests/1');
  const index = indexOf(await answer.text());
  assert.deepEqual(await papersOf(answer.headers.get('docker-content-digest') ?? ''), [
    'urn:suture:digest-receipt:v1',
    'urn:suture:receipt:v1',
  ]);
  for (const { digest } of index.manifests) {
    assert.deepEqual(await papersOf(digest), [
      'https://cyclonedx.org/bom',
      'https://openvex.dev/ns',
      'https://slsa.dev/provenance/v1',
      'https://spdx.dev/Document',
    ]);
  }
});

test('the unpacked image runs under bubblewrap on its own files alone', async (t) => {
  const bwrap = (await isolationOr(t, 'bubblewrap')) && toolPath(t, 'bwrap');
  const bundle = await unpackedBundle(t, image(), process.getuid?.() === 0 ? 'root' : 'user');
  if (bwrap === undefined || bundle === undefined) return;
  const alone = ['--unshare-all', '--die-with-parent', '--clearenv', '--ro-bind', join(bundle, 'rootfs'), '/'];
  const { stdout } = await run(bwrap, [...alone, '/usr/bin/hello'], limits);
  assert.equal(stdout, SAID);
});

for (const owner of ['root', 'user'] as const) {
  test(`runc runs the unpacked bundle as it is, as ${owner}`, async (t) => {
    const bundle = await unpackedBundle(t, image(), owner);
    if (bundle === undefined) return;
    assert.equal((await runWithRunc(t, bundle, owner)) ?? SAID, SAID);
  });
}

function image(): string {
  return `${registry?.host}/hello:1`;
}

function ask(path: string): Promise<Response> {
  return fetch(`http://${registry?.host}/v2/hello/${path}`, { headers: { accept: '*/*' } });
}

interface IndexJson {
  readonly manifests: readonly {
    readonly digest: string;
    readonly platform?: { readonly os: string; readonly architecture: string };
    readonly annotations?: Readonly<Record<string, string>>;
  }[];
}

function indexOf(text: string): IndexJson {
  return JSON.parse(text) as IndexJson;
}

/** What the registry refers to from a digest, by what the signed statements are about. */
async function papersOf(digest: string): Promise<readonly string[]> {
  const { manifests } = indexOf(await (await ask(`referrers/${digest}`)).text());
  return manifests.map(({ annotations }) => annotations?.['dev.sigstore.bundle.predicateType'] ?? '').sort();
}
