import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { test, type TestContext } from 'node:test';
import { digestOf } from '../../src/core/digest.ts';
import { encodeIndex } from '../../src/formats/oci/manifest.ts';
import { mediaTypes } from '../../src/formats/oci/media-types.ts';
import { dockerRegistry } from '../support/docker-registry.ts';
import { layeredImage } from '../support/layered-image.ts';
import { serverOf } from '../support/lying-server.ts';
import { clientOf, loopbackRegistry } from '../support/published-line.ts';
import { scanPlace, writeIn } from '../support/scan-place.ts';

const image = layeredImage([
  { 'etc/os-release': 'ID=debian\nVERSION_ID=12\n' },
  { 'opt/app/Django-3.2.0.dist-info/METADATA': 'Metadata-Version: 2.1\nName: Django\nVersion: 3.2.0\n\n' },
]);
const digest = digestOf(image.manifest);

test('suture scan of a name in a registry: by tag, by digest and through an index, and nothing is left', async (t) => {
  const { host } = await loopbackRegistry(t);
  await scansWhatItHolds(t, host);
});

test('suture scan of a name in the registry that most people run', async (t) => {
  const host = await dockerRegistry(t);
  if (host !== undefined) await scansWhatItHolds(t, host);
});

async function scansWhatItHolds(t: TestContext, host: string): Promise<void> {
  const registry = clientOf(host);
  const pushed = { mediaType: mediaTypes.manifest, bytes: image.manifest, blobs: image.blobs };
  await registry.pushManifest('team/app', pushed, '1.0');
  const platform = { os: 'linux', architecture: 'arm64' };
  const entry = { mediaType: mediaTypes.manifest, digest, sizeBytes: image.manifest.length, platform };
  const index = encodeIndex({ manifests: [entry], annotations: {} });
  await registry.pushManifest('team/app', { mediaType: mediaTypes.index, bytes: index, blobs: [] }, 'latest');
  const { tmp, scan } = scanPlace(t);
  const names = [
    [`${host}/team/app:1.0`],
    [`${host}/team/app@${digest}`],
    [`${host}/team/app:1.0@${digest}`],
    [`${host}/team/app`, '--architecture', 'arm64'],
  ];
  for (const name of names) {
    const { exitCode, out, err } = await scan([...name, '--feed', 'feeds', '--json', '--fail-on', 'low']);
    assert.deepEqual([exitCode, err.includes('error')], [2, false], `${name.join(' ')}: ${err}`);
    const { target, items } = JSON.parse(out);
    assert.deepEqual([target.detail, items[0].vulnerability, items.length], [digest, 'CVE-2026-0001', 1]);
    assert.deepEqual(items[0].layer, { index: 1, digest: image.layers[1] });
  }
  for (const [name = '', code = ''] of [
    [`${host}/team/app`, 'E0401'],
    [`${host}/team/none:1`, 'E0401'],
  ]) {
    const { out, err } = await scan([name, '--feed', 'feeds', '--architecture', 'amd64']);
    assert.deepEqual([out, err.startsWith(`error[${code}]`)], ['', true], err);
  }
  assert.deepEqual(readdirSync(tmp), []);
}

interface Lie {
  readonly code: string;
  readonly exitCode: number;
  /** What the registry says in place of the manifest or of a blob; undefined: the truth. */
  readonly manifest?: (response: ServerResponse) => void;
  readonly layer?: (response: ServerResponse) => void;
  readonly name?: string;
}

const [, , layer = Buffer.alloc(0)] = image.blobs;
const bodied = (bytes: Uint8Array) => (response: ServerResponse) => void response.end(bytes);

const lies: Readonly<Record<string, Lie>> = {
  'a layer of other bytes': { code: 'E0603', exitCode: 65, layer: bodied(Buffer.alloc(layer.length, 1)) },
  'a layer without end': { code: 'E0603', exitCode: 65, layer: endless },
  'a layer that breaks off': {
    code: 'E0601',
    exitCode: 75,
    layer: (response) => {
      response.writeHead(200, { 'content-length': layer.length });
      response.write(layer.subarray(0, 20), () => response.destroy());
    },
  },
  'a layer at another host': { code: 'E0206', exitCode: 77, layer: redirect('http://127.0.0.2:1/x') },
  'a manifest inside this network': { code: 'E0206', exitCode: 77, manifest: redirect('https://10.0.0.1/x') },
  'a manifest without end': { code: 'E0205', exitCode: 65, manifest: endless },
  'a manifest of five megabytes': { code: 'E0205', exitCode: 65, manifest: bodied(Buffer.alloc(5 * 2 ** 20, ' ')) },
  'a manifest that is none': { code: 'E0603', exitCode: 65, manifest: bodied(Buffer.from('{"layers":[]}')) },
  'another manifest than the digest names': {
    code: 'E0603',
    exitCode: 65,
    name: `app@sha256:${'0'.repeat(64)}`,
  },
  'a layer of a hundred gigabytes': {
    code: 'E0205',
    exitCode: 65,
    manifest: bodied(
      Buffer.from(image.manifest.toString().replace(`"size":${layer.length}`, `"size":${100 * 2 ** 30}`)),
    ),
  },
  'many layers that are too much together': {
    code: 'E0205',
    exitCode: 65,
    manifest: bodied(manyLayers(40)),
  },
  'the password in a refusal': {
    code: 'E0602',
    exitCode: 77,
    manifest: (response) => {
      response.statusCode = 403;
      response.end(JSON.stringify({ errors: [{ code: 'DENIED', message: `not with ${PASSWORD}` }] }));
    },
  },
};

const PASSWORD = 'a-password-that-nobody-may-see';

for (const [what, lie] of Object.entries(lies)) {
  test(`suture scan of a registry that sends ${what}: one error, nothing is left, no secret is told`, async (t) => {
    const server = await serverOf((request, response) => answer(lie, request, response));
    t.after(() => server.close());
    const { folder, tmp, scan } = scanPlace(t, { DOCKER_CONFIG: '.docker' });
    const auth = Buffer.from(`somebody:${PASSWORD}`).toString('base64');
    writeIn(folder, '.docker/config.json', JSON.stringify({ auths: { [server.host]: { auth } } }));
    const { exitCode, out, err } = await scan([`${server.host}/${lie.name ?? 'app:1'}`, '--feed', 'feeds']);
    assert.deepEqual([exitCode, out, err.match(/error\[/g)?.length], [lie.exitCode, '', 1], err);
    assert.ok(err.startsWith(`error[${lie.code}]`), err);
    assert.ok(err.includes(server.host), `it names the registry: ${err}`);
    assert.ok(!err.includes(PASSWORD) && !err.includes(auth), err);
    assert.deepEqual(readdirSync(tmp), []);
  });
}

/** Wants a password, and then tells the truth where the lie does not say otherwise. */
function answer(lie: Lie, request: IncomingMessage, response: ServerResponse): void {
  if (request.headers.authorization === undefined) {
    response.writeHead(401, { 'www-authenticate': 'Basic realm="here"' }).end();
    return;
  }
  if (request.url?.includes('/manifests/') === true) (lie.manifest ?? bodied(image.manifest))(response);
  else {
    const bytes = image.blobs.find((blob) => request.url?.endsWith(digestOf(blob)));
    (bytes === layer && lie.layer !== undefined ? lie.layer : bodied(bytes ?? Buffer.from('none')))(response);
  }
}

function endless(response: ServerResponse): void {
  const chunk = Buffer.alloc(2 ** 16, 0x20);
  const more = (): void => {
    while (!response.destroyed && response.write(chunk));
  };
  response.on('drain', more);
  more();
}

function redirect(location: string) {
  return (response: ServerResponse) => void response.writeHead(307, { location }).end();
}

/** Each of one gigabyte, as the manifest says. */
function manyLayers(count: number): Buffer {
  const manifest = JSON.parse(image.manifest.toString());
  manifest.layers = Array.from({ length: count }, (_, at) => {
    return { mediaType: mediaTypes.layerGzip, digest: digestOf(String(at)), size: 2 ** 30 };
  });
  return Buffer.from(JSON.stringify(manifest));
}
