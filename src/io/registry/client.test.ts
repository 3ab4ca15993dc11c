import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { composedLine, memoryBlobs } from '../../../test/support/composed-line.ts';
import { digestOf } from '../../core/digest.ts';
import type { Failure } from '../../core/failure.ts';
import type { Attachment, BlobRef } from '../../factory/image/image.ts';
import type { Credentials } from './authorize.ts';
import { registryClient } from './client.ts';
import { listenRegistry } from './listen.ts';
import { prefixed } from './prefixed.ts';

const now = Temporal.Instant.from('2026-08-02T11:40:13Z');
const text = (value: string) => new TextEncoder().encode(value);
const note: Attachment = {
  artifactType: 'application/vnd.test',
  mediaType: 'text/plain',
  bytes: text('a note'),
  annotations: { why: 'test' },
};

test('registryClient() pushes a line, and anybody can pull it back by tag', async (t) => {
  const { host } = await ownRegistry(t);
  const blobs = memoryBlobs();
  const line = await composedLine(blobs, { architectures: ['amd64', 'arm64'] });
  const registry = client(host, { blobs });
  assert.equal(await registry.resolve('team/hello', '1'), undefined);
  assert.equal(await registry.pushLine('team/hello', line, null), line.index.digest);
  assert.equal(await registry.resolve('team/hello', '1'), undefined);
  await registry.tag('team/hello', '1', line.index.digest);
  const resolved = await registry.resolve('team/hello', '1');
  assert.equal(resolved?.digest, line.index.digest);
  assert.equal(resolved?.date.toString(), now.toString());
  for (const image of line.images) {
    for (const part of [...image.layers, image.config]) {
      assert.equal(digestOf(await registry.blob('team/hello', part)), part.digest);
    }
  }
});

test('registryClient() sends no blob that is there already, and mounts what another repository has', async (t) => {
  const { host, requests } = await countingRegistry(t);
  const blobs = memoryBlobs();
  const line = await composedLine(blobs);
  await client(host, { blobs }).pushLine('a', line, '1');
  const uploads = () => requests.filter((one) => one.startsWith('POST')).length;
  const first = uploads();
  assert.equal(first, 3);
  const again = client(host, { blobs });
  await again.pushLine('a', line, '1');
  assert.equal(uploads(), first);
  await again.pushLine('b', line, '1');
  assert.equal(requests.filter((one) => one.includes('mount=')).length, 3);
  assert.equal(requests.filter((one) => one.startsWith('PUT') && one.includes('/uploads/')).length, 0);
});

test('registryClient() attaches documents, lists and detaches them', async (t) => {
  const { host } = await ownRegistry(t);
  const blobs = memoryBlobs();
  const line = await composedLine(blobs);
  const registry = client(host, { blobs });
  await registry.pushLine('hello', line, '1');
  const digest = await registry.attach('hello', line.index, note);
  assert.equal(await registry.attach('hello', line.index, note), digest);
  const listed = await registry.referrers('hello', line.index.digest);
  assert.deepEqual(
    listed.map((one) => [one.digest, one.artifactType, one.annotations]),
    [[digest, 'application/vnd.test', { why: 'test' }]],
  );
  await registry.detach('hello', line.index.digest, digest);
  assert.deepEqual(await registry.referrers('hello', line.index.digest), []);
  await registry.detach('hello', line.index.digest, digest);
});

test('prefixed() puts every repository below one path', async (t) => {
  const { host } = await ownRegistry(t);
  const blobs = memoryBlobs();
  const plain = client(host, { blobs });
  const line = await composedLine(blobs);
  await prefixed(plain, '/team/').pushLine('hello', line, '1');
  assert.equal((await plain.resolve('team/hello', '1'))?.digest, line.index.digest);
  assert.equal(prefixed(plain, ''), plain);
});

const content = text('the true bytes');
const ref: BlobRef = { mediaType: 'application/octet-stream', digest: digestOf(content), sizeBytes: content.length };

const lies: readonly (readonly [string, (response: ServerResponse) => void, string])[] = [
  ['other bytes', (response) => response.end('the false byte'), 'E0603'],
  ['fewer bytes, whole answer', (response) => response.end('the true'), 'E0603'],
  ['bytes without end', endless, 'E0603'],
  ['a body that ends early', (response) => endEarly(response), 'E0601'],
  ['a length that is too small', tooShortLength, 'E0603'],
  ['403', (response) => answer(response, 403, '{"errors":[{"code":"DENIED","message":"no"}]}'), 'E0602'],
  ['500 for ever', (response) => answer(response, 500, 'oops'), 'E0601'],
  ['a redirect to this machine', (response) => redirect(response, 'http://127.0.0.1:1/secret'), 'E0206'],
  ['a redirect to a cloud address', (response) => redirect(response, 'https://169.254.169.254/latest'), 'E0206'],
  ['a redirect to a file', (response) => redirect(response, 'file:///etc/passwd'), 'E0206'],
  ['redirects without end', (response) => redirect(response, '/v2/hello/blobs/again'), 'E0603'],
];
for (const [what, behave, code] of lies) {
  test(`registryClient() pulls from a lying registry: ${what}`, async (t) => {
    const host = await fakeRegistry(t, (_, response) => behave(response));
    await assert.rejects(client(host).blob('hello', ref), { code });
  });
}

test('registryClient() does not believe a manifest whose digest is not the one asked for, or without a Date', async (t) => {
  const manifest = '{"schemaVersion":2}';
  const host = await fakeRegistry(t, (request, response) => {
    if (request.url?.includes('undated') === true) response.sendDate = false;
    if (request.url?.includes('misnamed') === true) response.setHeader('docker-content-digest', digestOf('other'));
    response.end(manifest);
  });
  const registry = client(host);
  assert.equal((await registry.resolve('hello', digestOf(manifest)))?.digest, digestOf(manifest));
  await assert.rejects(registry.resolve('hello', digestOf('other')), { code: 'E0603' });
  await assert.rejects(registry.resolve('hello', 'misnamed'), { code: 'E0603' });
  await assert.rejects(registry.resolve('hello', 'undated'), { code: 'E0603' });
});

test('registryClient() does not believe a push that is acknowledged under another digest', async (t) => {
  const host = await fakeRegistry(t, (request, response) => {
    request.resume();
    if (request.method === 'HEAD') return answer(response, 404, '');
    response.setHeader('docker-content-digest', digestOf('other'));
    answer(response, 201, '');
  });
  const manifest = { mediaType: 'application/vnd.oci.image.manifest.v1+json', bytes: text('{}'), blobs: [] };
  await assert.rejects(client(host).pushManifest('hello', manifest, '1'), { code: 'E0603' });
  await assert.rejects(client(host).pushManifest('hello', { ...manifest, blobs: [content] }, '1'), { code: 'E0603' });
});

test('registryClient() tries again after 500, 429 and a broken connection, as long as the registry asks', async (t) => {
  const waits: number[] = [];
  let requests = 0;
  const host = await fakeRegistry(t, (request, response) => {
    requests += 1;
    if (requests === 1) return answer(response, 500, '');
    if (requests === 2) return request.socket.destroy();
    if (requests === 3) {
      response.setHeader('retry-after', '7');
      return answer(response, 429, '');
    }
    response.end(content);
  });
  const wait = async (milliseconds: number) => waits.push(milliseconds);
  assert.deepEqual(new Uint8Array(await client(host, { wait }).blob('hello', ref)), content);
  assert.deepEqual(waits, [1, 2, 7000]);
});

test('registryClient() says E0601 where nothing listens', async () => {
  await assert.rejects(client('127.0.0.1:1').resolve('hello', '1'), (error: Failure) => {
    assert.equal(error.code, 'E0601');
    assert.equal(error.detail.retryable, true);
    return true;
  });
});

test('registryClient() gives up on silence', async (t) => {
  const host = await fakeRegistry(t, () => undefined);
  await assert.rejects(client(host, { idleMilliseconds: 20 }).resolve('hello', '1'), { code: 'E0601' });
});

test('registryClient() fetches a token by password, once for each scope, and starts over when it expired', async (t) => {
  const seen: string[] = [];
  let token = 'first-token';
  const host = await fakeRegistry(t, (request, response) => {
    const authorization = request.headers.authorization ?? '';
    seen.push(`${request.url?.split('?')[0]} ${authorization.split(' ')[0]}`);
    if (request.url?.startsWith('/token') === true) {
      assert.equal(authorization, `Basic ${Buffer.from('me:s3cret-word').toString('base64')}`);
      assert.equal(new URL(request.url, 'http://x').searchParams.get('scope'), 'repository:hello:pull');
      return answer(response, 200, JSON.stringify({ token }));
    }
    if (authorization !== `Bearer ${token}`) return challenge(request, response);
    response.end(content);
  });
  const registry = client(host, { auth: { kind: 'password', username: 'me', password: 's3cret-word' } });
  await registry.blob('hello', ref);
  await registry.blob('hello', ref);
  assert.equal(seen.filter((one) => one.startsWith('/token')).length, 1);
  token = 'second-token';
  await registry.blob('hello', ref);
  assert.equal(seen.filter((one) => one.startsWith('/token')).length, 2);
});

test('registryClient() sends its password nowhere but to the registry, and repeats no secret', async (t) => {
  const elsewhere = await fakeRegistry(t, () => assert.fail('the password left the registry'));
  const auth: Credentials = { kind: 'password', username: 'me', password: 's3cret-word' };
  const greedy = await fakeRegistry(t, (_, response) => {
    response.setHeader('www-authenticate', `Bearer realm="http://${elsewhere}/token",service="x"`);
    answer(response, 401, '');
  });
  await assert.rejects(client(greedy, { auth }).blob('hello', ref), { code: 'E0206' });

  const telling = await fakeRegistry(t, (request, response) => {
    response.setHeader('www-authenticate', 'Basic realm="x"');
    const status = request.headers.authorization === undefined ? 401 : 403;
    const secrets = `s3cret-word ${request.headers.authorization}`;
    answer(response, status, JSON.stringify({ errors: [{ code: 'DENIED', message: secrets }] }));
  });
  await assert.rejects(client(telling, { auth }).blob('hello', ref), (error: Failure) => {
    const said = `${error.message} ${JSON.stringify(error.detail)}`;
    assert.equal(error.code, 'E0602');
    assert.ok(!said.includes('s3cret-word') && !said.includes(Buffer.from('me:s3cret-word').toString('base64')), said);
    return true;
  });
});

test('registryClient() keeps the stand-in tag where a registry lists no referrers, and prunes what is gone', async (t) => {
  const { host } = await ownRegistry(t);
  const old = await fakeRegistry(t, (request, response) => {
    if (request.url?.includes('/referrers/') === true) return answer(response, 404, '');
    forward(host, request, response);
  });
  const blobs = memoryBlobs();
  const line = await composedLine(blobs);
  const registry = client(old, { blobs });
  await registry.pushLine('hello', line, '1');
  const first = await registry.attach('hello', line.index, note);
  const others = ['two', 'three'].map((bytes) => ({ ...note, bytes: text(bytes) }));
  const [second, third] = await Promise.all(others.map((other) => registry.attach('hello', line.index, other)));
  const digests = async () => new Set((await registry.referrers('hello', line.index.digest)).map((one) => one.digest));
  assert.deepEqual(await digests(), new Set([first, second, third]));
  await fetch(`http://${host}/v2/hello/manifests/${first}`, { method: 'DELETE' });
  const fourth = await registry.attach('hello', line.index, { ...note, bytes: text('four') });
  assert.deepEqual(await digests(), new Set([second, third, fourth]));
  await registry.detach('hello', line.index.digest, fourth);
  assert.deepEqual(await digests(), new Set([second, third]));
});

function client(
  host: string,
  options: {
    blobs?: ReturnType<typeof memoryBlobs>;
    auth?: Credentials;
    wait?: (milliseconds: number) => Promise<unknown>;
    idleMilliseconds?: number;
  } = {},
) {
  const { auth } = options;
  return registryClient({
    host,
    plainHttp: true,
    blobs: options.blobs ?? memoryBlobs(),
    ...(auth === undefined ? {} : { auth: async () => auth }),
    ...(options.idleMilliseconds === undefined ? {} : { bounds: { idleMilliseconds: options.idleMilliseconds } }),
    retries: { pauseMilliseconds: 1, wait: options.wait ?? (async () => undefined) },
  });
}

async function ownRegistry(t: TestContext) {
  const folder = await mkdtemp(join(tmpdir(), 'client-'));
  const registry = await listenRegistry({ folder, clock: () => now, port: 0 });
  t.after(async () => {
    await registry.close();
    await rm(folder, { recursive: true, force: true });
  });
  return registry;
}

async function countingRegistry(t: TestContext) {
  const { host } = await ownRegistry(t);
  const requests: string[] = [];
  const counting = await fakeRegistry(t, (request, response) => {
    requests.push(`${request.method} ${request.url}`);
    forward(host, request, response);
  });
  return { host: counting, requests };
}

/** A registry in front of ours, without the header by which ours says that it lists referrers. */
function forward(host: string, request: IncomingMessage, response: ServerResponse): void {
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', () => {
    const body = Buffer.concat(chunks);
    const method = request.method ?? 'GET';
    const type = request.headers['content-type'];
    fetch(`http://${host}${request.url}`, {
      method,
      ...(body.length > 0 ? { body } : {}),
      headers: type === undefined ? {} : { 'content-type': type },
    })
      .then(async (inner) => {
        for (const name of ['content-type', 'docker-content-digest', 'location']) {
          const value = inner.headers.get(name);
          if (value !== null) response.setHeader(name, value);
        }
        response.writeHead(inner.status).end(Buffer.from(await inner.arrayBuffer()));
      })
      .catch(() => response.destroy());
  });
}

async function fakeRegistry(t: TestContext, behave: (request: IncomingMessage, response: ServerResponse) => void) {
  const server = createServer(behave);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  return `127.0.0.1:${(server.address() as AddressInfo).port}`;
}

function answer(response: ServerResponse, status: number, body: string): void {
  response.writeHead(status).end(body);
}

function redirect(response: ServerResponse, location: string): void {
  response.writeHead(307, { location }).end();
}

function challenge(request: IncomingMessage, response: ServerResponse): void {
  const realm = `http://${request.headers.host}/token`;
  response.setHeader('www-authenticate', `Bearer realm="${realm}",service="test",scope="repository:hello:pull"`);
  answer(response, 401, '');
}

function endless(response: ServerResponse): void {
  const more = () => {
    while (response.write('x'.repeat(65_536)));
  };
  response.on('drain', more);
  more();
}

function endEarly(response: ServerResponse): void {
  response.writeHead(200, { 'content-length': String(content.length) });
  response.write('the tr');
  setImmediate(() => response.destroy());
}

function tooShortLength(response: ServerResponse): void {
  response.socket?.end(`HTTP/1.1 200 OK\r\ncontent-length: 5\r\nconnection: close\r\n\r\nthe true bytes`);
}
