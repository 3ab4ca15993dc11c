import assert from 'node:assert/strict';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type TestContext, test } from 'node:test';
import { Failure, type FailureCode } from '../../core/failure.ts';
import { type FetchBounds, type FetchDeps, fetchBounded } from './fetch-bounded.ts';

async function serve(t: TestContext, listener: RequestListener): Promise<string> {
  const server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.after(() => server.closeAllConnections());
  t.after(() => server.close());
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

function options(over: Partial<FetchBounds & FetchDeps> = {}): FetchBounds & FetchDeps & { readonly waits: number[] } {
  const waits: number[] = [];
  return {
    reach: 'public-and-loopback',
    bytesMax: 1000,
    timeoutSeconds: 5,
    attempts: 1,
    chance: () => 0,
    wait: async (ms) => {
      waits.push(ms);
    },
    ...over,
    waits,
  };
}

function failing(code: FailureCode, words: RegExp): (error: unknown) => true {
  return (error) => {
    assert.ok(error instanceof Failure, String(error));
    assert.equal(error.code, code);
    assert.match(`${error.message}: ${error.detail.why ?? ''}`, words);
    return true;
  };
}

test('fetchBounded() asks with the validators of the last answer and takes "not modified" for unchanged', async (t) => {
  const url = await serve(t, (request, response) => {
    const isKnown = request.headers['if-none-match'] === '"1"' && request.headers['if-modified-since'] !== undefined;
    response.writeHead(isKnown ? 304 : 200, { etag: '"1"', 'last-modified': 'Sat, 01 Jan 2000 00:00:00 GMT' });
    response.end(isKnown ? undefined : 'body');
  });
  const first = await fetchBounded(url, undefined, options());
  assert.equal(first.kind, 'body');
  assert.equal(first.kind === 'body' && Buffer.from(first.bytes).toString(), 'body');
  const second = await fetchBounded(url, first.kind === 'body' ? first.validators : undefined, options());
  assert.equal(second.kind, 'unchanged');
});

test('fetchBounded() takes a body of exactly the bound and refuses one byte more, announced or not', async (t) => {
  const url = await serve(t, (request, response) => {
    const size = Number(request.url?.slice(2));
    if (request.url?.startsWith('/a')) response.setHeader('content-length', size);
    response.write('x'.repeat(size));
    response.end();
  });
  const exact = await fetchBounded(`${url}/c1000`, undefined, options());
  assert.equal(exact.kind === 'body' && exact.bytes.length, 1000);
  for (const kind of ['a', 'c']) {
    const tooMuch = fetchBounded(`${url}/${kind}1001`, undefined, options({ attempts: 3 }));
    await assert.rejects(tooMuch, failing('E0205', /more than 1000 bytes/));
  }
});

test('fetchBounded() follows five redirects and refuses the sixth', async (t) => {
  const url = await serve(t, (request, response) => {
    const left = Number(request.url?.slice(1));
    if (left === 0) response.end('there');
    else response.writeHead(302, { location: `/${left - 1}` }).end();
  });
  const fetched = await fetchBounded(`${url}/5`, undefined, options());
  assert.equal(fetched.kind === 'body' && fetched.url, `${url}/0`);
  await assert.rejects(fetchBounded(`${url}/6`, undefined, options()), failing('E0201', /more than 5 times/));
});

test('fetchBounded() judges the target of each redirect anew: a lying server leads nowhere', async (t) => {
  let served = 0;
  const url = await serve(t, (request, response) => {
    served += 1;
    response.writeHead(307, { location: decodeURIComponent(request.url?.slice(1) ?? '') }).end();
  });
  for (const target of [
    'https://10.0.0.1/',
    'https://169.254.169.254/latest/meta-data',
    'https://[fe80::1]/',
    'https://[::ffff:10.0.0.1]/',
    'http://example.org/',
    'file:///etc/passwd',
    'https://user:secret@example.org/',
    'https://[bad',
  ]) {
    const lured = fetchBounded(`${url}/${encodeURIComponent(target)}`, undefined, options({ attempts: 3 }));
    await assert.rejects(lured, failing('E0206', /not allowed/), target);
  }
  assert.equal(served, 8);
});

test('fetchBounded() refuses this machine unless that is within reach, by number and by name', async (t) => {
  let served = 0;
  const url = await serve(t, (_, response) => {
    served += 1;
    response.end('secret');
  });
  const { port } = new URL(url);
  const refused = failing('E0206', /not on the public internet/);
  await assert.rejects(fetchBounded(`https://127.0.0.1:${port}/`, undefined, options({ reach: 'public' })), refused);
  await assert.rejects(fetchBounded(`https://0x7f.1:${port}/`, undefined, options({ reach: 'public' })), refused);
  await assert.rejects(fetchBounded(`https://localhost:${port}/`, undefined, options({ reach: 'public' })), refused);
  await assert.rejects(fetchBounded(url, undefined, options({ reach: 'public' })), failing('E0206', /not allowed/));
  assert.equal(served, 0);
});

test('fetchBounded() tries again after busy answers, waiting as the server asks or twice as long each time', async (t) => {
  let served = 0;
  const url = await serve(t, (_, response) => {
    served += 1;
    if (served === 1) response.writeHead(503).end();
    else if (served === 2) response.writeHead(429, { 'retry-after': '7' }).end();
    else if (served === 3) response.destroy();
    else response.end('at last');
  });
  const asked = options({ attempts: 4, chance: () => 1 });
  const fetched = await fetchBounded(url, undefined, asked);
  assert.equal(fetched.kind === 'body' && Buffer.from(fetched.bytes).toString(), 'at last');
  assert.deepEqual(asked.waits, [1000, 7000, 4000]);
});

test('fetchBounded() gives up after its attempts, and at once on what will not change', async (t) => {
  let served = 0;
  const url = await serve(t, (request, response) => {
    served += 1;
    response.writeHead(Number(request.url?.slice(1))).end();
  });
  await assert.rejects(fetchBounded(`${url}/500`, undefined, options({ attempts: 3 })), failing('E0201', /HTTP 500/));
  assert.equal(served, 3);
  await assert.rejects(fetchBounded(`${url}/404`, undefined, options({ attempts: 3 })), failing('E0201', /HTTP 404/));
  assert.equal(served, 4);
});

test('fetchBounded() does not wait for ever: a body that never ends', async (t) => {
  const url = await serve(t, (_, response) => {
    response.writeHead(200);
    response.write('a');
  });
  await assert.rejects(
    fetchBounded(url, undefined, options({ timeoutSeconds: 0.05 })),
    failing('E0201', /did not end within/),
  );
});

test('fetchBounded() refuses half a body and an encoding that was not asked for', async (t) => {
  const url = await serve(t, (request, response) => {
    if (request.url === '/half')
      response.writeHead(200, { 'content-length': 10 }).write('half', () => response.destroy());
    else response.writeHead(200, { 'content-encoding': 'gzip' }).end('x');
  });
  await assert.rejects(fetchBounded(`${url}/half`, undefined, options()), failing('E0201', /broke off|reset/i));
  await assert.rejects(fetchBounded(`${url}/gzip`, undefined, options()), failing('E0201', /encoding gzip/));
});
