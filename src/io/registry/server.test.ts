import assert from 'node:assert/strict';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { createServer, request as httpRequest } from 'node:http';
import type { AddressInfo } from 'node:net';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { digestOf } from '../../core/digest.ts';
import { listenRegistry } from './listen.ts';
import { registryServer } from './server.ts';

const now = Temporal.Instant.from('2026-08-02T11:40:13.999Z');
const bytes = (text: string) => new TextEncoder().encode(text);
const hello = bytes('hello, layer');
const config = bytes('{"architecture":"amd64","os":"linux"}');

test('registryServer() takes a blob in one POST and gives it back, whole and in parts', async (t) => {
  const { url } = await started(t);
  const digest = digestOf(hello);
  const posted = await fetch(`${url}/v2/a/b/blobs/uploads/?digest=${digest}`, { method: 'POST', body: hello });
  assert.equal(posted.status, 201);
  assert.equal(posted.headers.get('docker-content-digest'), digest);

  const head = await fetch(`${url}/v2/a/b/blobs/${digest}`, { method: 'HEAD' });
  assert.deepEqual([head.status, head.headers.get('content-length')], [200, '12']);
  const cases: readonly (readonly [string, number, string])[] = [
    ['bytes=0-4', 206, 'hello'],
    ['bytes=7-', 206, 'layer'],
    ['bytes=-5', 206, 'layer'],
    ['bytes=7-99', 206, 'layer'],
    ['bytes=0-0,3-4', 200, 'hello, layer'],
    ['bytes=5-2', 200, 'hello, layer'],
    ['lines=1-2', 200, 'hello, layer'],
    ['bytes=12-', 416, ''],
  ];
  for (const [range, status, body] of cases) {
    const answer = await fetch(`${url}/v2/a/b/blobs/${digest}`, { headers: { range } });
    assert.deepEqual([answer.status, await answer.text()], [status, body], range);
  }
});

test('registryServer() takes a blob in chunks, in order only, and resumes where it was cut', async (t) => {
  const { url } = await started(t);
  const begun = await fetch(`${url}/v2/a/blobs/uploads/`, { method: 'POST' });
  assert.equal(begun.status, 202);
  const to = `${url}${begun.headers.get('location') ?? ''}`;
  const chunk = (range: string, text: string) =>
    fetch(to, { method: 'PATCH', body: text, headers: { 'content-range': range } });

  assert.equal((await chunk('0-5', 'hello,')).headers.get('range'), '0-5');
  const early = await chunk('9-11', 'yer');
  assert.deepEqual([early.status, early.headers.get('range')], [416, '0-5']);
  const status = await fetch(to);
  assert.deepEqual([status.status, status.headers.get('range')], [204, '0-5']);
  const finished = await fetch(`${to}?digest=${digestOf(hello)}`, { method: 'PUT', body: ' layer' });
  assert.equal(finished.status, 201);
  assert.equal((await fetch(to)).status, 404);
  assert.equal(await (await fetch(`${url}/v2/a/blobs/${digestOf(hello)}`)).text(), 'hello, layer');
});

test('registryServer() refuses bytes that are not what they are said to be, and keeps nothing of them', async (t) => {
  const { url, folder } = await started(t);
  const answer = await fetch(`${url}/v2/a/blobs/uploads/?digest=${digestOf('other')}`, { method: 'POST', body: hello });
  assert.equal(answer.status, 400);
  assert.equal(await codeOf(answer), 'DIGEST_INVALID');
  assert.deepEqual(await readdir(join(folder, 'uploads')), []);
  assert.deepEqual(await readdir(join(folder, 'blobs')), []);
});

test('registryServer() mounts a blob that another repository brought', async (t) => {
  const { url } = await started(t);
  await pushBlob(url, 'a', hello);
  const mounted = await fetch(`${url}/v2/b/blobs/uploads/?mount=${digestOf(hello)}&from=a`, { method: 'POST' });
  assert.equal(mounted.status, 201);
  const missing = await fetch(`${url}/v2/b/blobs/uploads/?mount=${digestOf('none')}&from=a`, { method: 'POST' });
  assert.equal(missing.status, 202);
});

test('registryServer() keeps a manifest only when all that it names is here, with the size that it says', async (t) => {
  const { url } = await started(t);
  const manifest = imageManifest();
  assert.equal(await codeOf(await putManifest(url, 'a', '1', manifest)), 'MANIFEST_BLOB_UNKNOWN');
  await pushBlob(url, 'a', config);
  await pushBlob(url, 'a', hello);
  assert.equal(await codeOf(await putManifest(url, 'a', '1', imageManifest({ layerSize: 13 }))), 'MANIFEST_INVALID');
  assert.equal(await codeOf(await putManifest(url, 'a', digestOf('x'), manifest)), 'DIGEST_INVALID');
  assert.equal(await codeOf(await putManifest(url, 'a', '1', bytes('{"schemaVersion":2'))), 'MANIFEST_INVALID');
  const wrongType = await putManifest(url, 'a', '1', manifest, 'application/vnd.oci.image.index.v1+json');
  assert.equal(await codeOf(wrongType), 'MANIFEST_INVALID');
  assert.equal((await putManifest(url, 'a', '1', new Uint8Array(4 * 1024 * 1024 + 1))).status, 413);

  assert.equal((await putManifest(url, 'a', '1', manifest)).status, 201);
  for (const reference of ['1', digestOf(manifest)]) {
    const got = await fetch(`${url}/v2/a/manifests/${reference}`);
    assert.equal(got.headers.get('docker-content-digest'), digestOf(manifest));
    assert.deepEqual(new Uint8Array(await got.arrayBuffer()), manifest);
  }
  assert.equal(await codeOf(await fetch(`${url}/v2/b/manifests/${digestOf(manifest)}`)), 'MANIFEST_UNKNOWN');
});

test('registryServer() lists what refers to a digest, by type, before and after its removal', async (t) => {
  const { url } = await started(t);
  await pushBlob(url, 'a', config);
  await pushBlob(url, 'a', hello);
  const subject = digestOf('not pushed yet');
  const one = imageManifest({ subject, artifactType: 'application/one' });
  const two = imageManifest({ subject, artifactType: 'application/two', annotations: { why: 'test' } });
  const put = await putManifest(url, 'a', digestOf(one), one);
  assert.equal(put.headers.get('oci-subject'), subject);
  await putManifest(url, 'a', digestOf(two), two);

  const listed = async (query = '') =>
    ((await (await fetch(`${url}/v2/a/referrers/${subject}${query}`)).json()) as { manifests: { digest: string }[] })
      .manifests;
  assert.deepEqual((await listed()).map((entry) => entry.digest).sort(), [digestOf(one), digestOf(two)].sort());
  assert.deepEqual(await listed('?artifactType=application%2Ftwo'), [
    {
      mediaType: 'application/vnd.oci.image.manifest.v1+json',
      digest: digestOf(two),
      size: two.length,
      artifactType: 'application/two',
      annotations: { why: 'test' },
    },
  ]);
  assert.equal((await fetch(`${url}/v2/a/manifests/${digestOf(one)}`, { method: 'DELETE' })).status, 202);
  assert.equal((await listed()).length, 1);
  assert.deepEqual(await (await fetch(`${url}/v2/a/referrers/${digestOf('?')}`)).json(), {
    schemaVersion: 2,
    mediaType: 'application/vnd.oci.image.index.v1+json',
    manifests: [],
  });
});

test('registryServer() lists tags and repositories by pages, and takes tags and manifests away', async (t) => {
  const { url } = await started(t);
  await pushBlob(url, 'a/x', config);
  await pushBlob(url, 'a/x', hello);
  for (const tag of ['1', '1.0', 'latest']) await putManifest(url, 'a/x', tag, imageManifest());
  await putManifest(url, 'b', '1', imageManifest());
  const page = await fetch(`${url}/v2/a/x/tags/list?n=2`);
  assert.deepEqual(await page.json(), { name: 'a/x', tags: ['1', '1.0'] });
  const next = /<([^>]+)>/.exec(page.headers.get('link') ?? '')?.[1] ?? '';
  assert.deepEqual(await (await fetch(`${url}${next}`)).json(), { name: 'a/x', tags: ['latest'] });
  assert.deepEqual(await (await fetch(`${url}/v2/_catalog`)).json(), { repositories: ['a/x', 'b'] });
  assert.equal(await codeOf(await fetch(`${url}/v2/none/tags/list`)), 'NAME_UNKNOWN');

  assert.equal((await fetch(`${url}/v2/a/x/manifests/1.0`, { method: 'DELETE' })).status, 202);
  assert.equal((await fetch(`${url}/v2/a/x/manifests/1.0`)).status, 404);
  assert.equal((await fetch(`${url}/v2/a/x/manifests/${digestOf(imageManifest())}`, { method: 'DELETE' })).status, 202);
  assert.equal((await fetch(`${url}/v2/a/x/manifests/latest`)).status, 404);
});

test('registryServer() gives up a blob only when no manifest names it', async (t) => {
  const { url } = await started(t);
  await pushBlob(url, 'a', config);
  await pushBlob(url, 'a', hello);
  await putManifest(url, 'a', '1', imageManifest());
  assert.equal((await fetch(`${url}/v2/b/blobs/${digestOf(hello)}`, { method: 'DELETE' })).status, 405);
  await fetch(`${url}/v2/a/manifests/${digestOf(imageManifest())}`, { method: 'DELETE' });
  assert.equal((await fetch(`${url}/v2/b/blobs/${digestOf(hello)}`, { method: 'DELETE' })).status, 202);
  assert.equal((await fetch(`${url}/v2/a/blobs/${digestOf(hello)}`)).status, 404);
});

test('registryServer() sends the Date of its clock', async (t) => {
  const { url } = await started(t);
  assert.equal((await fetch(`${url}/v2/`)).headers.get('date'), 'Sun, 02 Aug 2026 11:40:13 GMT');
});

test('registryServer() refuses names that would leave its folder', async (t) => {
  const { port, folder } = await started(t);
  await writeFile(join(folder, 'secret'), 'secret');
  const paths = [
    '/v2/../../secret/manifests/1',
    '/v2/a/../../manifests/1',
    '/v2/a/manifests/..',
    '/v2/a/manifests/%2e%2e%2f',
    '/v2/_manifests/manifests/1',
    '/v2/a//b/manifests/1',
    '/v2/A/manifests/1',
    '/v2/a/blobs/sha256:../../secret',
    `/v2/a/blobs/sha256:${'0'.repeat(63)}/`,
    '/v2/a/blobs/uploads/..%2f..%2fsecret',
    '/v2/a/blobs/uploads/../../secret',
    `/v2/${'a'.repeat(256)}/manifests/1`,
  ];
  for (const path of paths) {
    const answer = await raw(port, path);
    assert.ok(answer.status === 400 || answer.status === 404, `${path}: ${answer.status}`);
    assert.ok(!answer.body.includes('"secret"'), path);
  }
});

test('registryServer() answers no web page and no name but its own', async (t) => {
  const { port } = await started(t);
  assert.equal((await raw(port, '/v2/')).status, 200);
  assert.equal((await raw(port, '/v2/', { origin: 'https://page.example' })).status, 403);
  assert.equal((await raw(port, '/v2/', { host: 'rebound.example' })).status, 403);
});

test('registryServer() bounds blobs and open uploads, and lets an idle upload make room', async (t) => {
  const folder = await temporary(t);
  let at = now;
  const limits = { blobBytesMax: 20, sessionsMax: 2, idleSeconds: 60 };
  const registry = await listenRegistry({ folder, clock: () => at, limits, port: 0 });
  t.after(() => registry.close());
  const url = `http://${registry.host}`;
  const begin = () => fetch(`${url}/v2/a/blobs/uploads/`, { method: 'POST' });
  const large = new Uint8Array(21);
  assert.equal(
    (await fetch(`${url}/v2/a/blobs/uploads/?digest=${digestOf(large)}`, { method: 'POST', body: large })).status,
    413,
  );
  assert.deepEqual([(await begin()).status, (await begin()).status, (await begin()).status], [202, 202, 429]);
  at = at.add({ seconds: 61 });
  assert.equal((await begin()).status, 202);
  assert.equal((await readdir(join(folder, 'uploads'))).length, 1);
});

test('registryServer() keeps what it acknowledged over a restart, and drops unfinished uploads', async (t) => {
  const first = await started(t);
  await pushBlob(first.url, 'a', config);
  await pushBlob(first.url, 'a', hello);
  await putManifest(first.url, 'a', '1', imageManifest());
  const begun = await fetch(`${first.url}/v2/a/blobs/uploads/`, { method: 'POST' });
  const second = await started(t, first.folder);
  assert.equal((await fetch(`${second.url}/v2/a/manifests/1`)).status, 200);
  assert.equal((await fetch(`${second.url}${begun.headers.get('location') ?? ''}`)).status, 404);
  assert.deepEqual(await readdir(join(first.folder, 'uploads')), []);
});

test('registryServer() survives a client that goes away in the middle of a body', async (t) => {
  const { url, port, folder } = await started(t);
  const socket = connect(port, '127.0.0.1');
  const digest = digestOf(hello);
  socket.write(
    `POST /v2/a/blobs/uploads/?digest=${digest} HTTP/1.1\r\nhost: localhost\r\ncontent-length: 12\r\n\r\nhello`,
  );
  await new Promise((resolve) => setTimeout(resolve, 50));
  socket.destroy();
  assert.equal((await fetch(`${url}/v2/`)).status, 200);
  await pushBlob(url, 'a', hello);
  assert.equal((await readdir(join(folder, 'blobs'))).length, 1);
});

test('registryServer() is a handler for any node:http server', async (t) => {
  const server = createServer(await registryServer({ folder: await temporary(t), clock: () => now }));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.after(() => server.close());
  const { port } = server.address() as AddressInfo;
  assert.equal((await fetch(`http://localhost:${port}/v2/`)).status, 200);
});

async function started(t: TestContext, reuse?: string) {
  const folder = reuse ?? (await temporary(t));
  const registry = await listenRegistry({ folder, clock: () => now, port: 0 });
  t.after(() => registry.close());
  return { url: `http://${registry.host}`, port: registry.port, folder };
}

async function temporary(t: TestContext): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'registry-'));
  t.after(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

async function pushBlob(url: string, name: string, content: Uint8Array<ArrayBuffer>): Promise<void> {
  const to = `${url}/v2/${name}/blobs/uploads/?digest=${digestOf(content)}`;
  assert.equal((await fetch(to, { method: 'POST', body: content })).status, 201);
}

function putManifest(
  url: string,
  name: string,
  reference: string,
  manifest: Uint8Array<ArrayBuffer>,
  type = 'application/vnd.oci.image.manifest.v1+json',
): Promise<Response> {
  const headers = { 'content-type': type };
  return fetch(`${url}/v2/${name}/manifests/${reference}`, { method: 'PUT', body: manifest, headers });
}

function imageManifest(
  changes: { layerSize?: number; subject?: string; artifactType?: string; annotations?: Record<string, string> } = {},
) {
  const mediaType = 'application/vnd.oci.image.manifest.v1+json';
  const manifest = {
    schemaVersion: 2,
    mediaType,
    artifactType: changes.artifactType,
    config: {
      mediaType: 'application/vnd.oci.image.config.v1+json',
      digest: digestOf(config),
      size: config.length,
    },
    layers: [
      {
        mediaType: 'application/vnd.oci.image.layer.v1.tar+gzip',
        digest: digestOf(hello),
        size: changes.layerSize ?? hello.length,
      },
    ],
    subject: changes.subject === undefined ? undefined : { mediaType, digest: changes.subject, size: 1 },
    annotations: changes.annotations,
  };
  return bytes(JSON.stringify(manifest));
}

async function codeOf(answer: Response): Promise<string | undefined> {
  const body = (await answer.json()) as { errors: { code: string }[] };
  return body.errors[0]?.code;
}

/** Sends the path as it is: `fetch` would tidy it up. */
function raw(port: number, path: string, headers: Record<string, string> = {}) {
  return new Promise<{ status: number; body: string }>((resolve, reject) => {
    const sent = httpRequest({ host: '127.0.0.1', port, path, headers }, (response) => {
      let body = '';
      response.on('data', (chunk) => (body += String(chunk)));
      response.on('end', () => resolve({ status: response.statusCode ?? 0, body }));
    });
    sent.on('error', reject).end();
  });
}
