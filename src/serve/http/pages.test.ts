import assert from 'node:assert/strict';
import { test } from 'node:test';
import { digests, HOSTILE, literalWorld, MADE_UP } from '../../../test/support/literal-world.ts';
import { Failure } from '../../core/failure.ts';
import { listen } from './listen.ts';
import type { PagesDeps } from './pages.ts';
import { pages } from './pages.ts';

const deps: PagesDeps = {
  ...literalWorld(),
  health: async () => ({ status: 'ok', store: 'literal', lastTick: null, trouble: null }),
  onFault: () => {},
};
const app = pages(deps);

const addresses = [
  '/',
  '/promise',
  '/report/2026-Q3',
  '/report/2026-Q3?sample=3&seed=4711',
  '/v/CVE-2026-1234',
  '/v/CVE-2026-1188',
  '/v/CVE-2026-2001',
  '/lines/nginx:1.28',
  '/lines/nginx%3A1.28',
  `/digests/${digests.old}`,
  '/explain/%233',
  '/explain/411%20of%20413',
  '/explain/2%20waiting',
  '/explain/curl',
  '/explain/pkg:generic%2Fcurl',
];

for (const address of addresses) {
  test(`pages() ${address.slice(0, 30)}: a whole page without a script`, async () => {
    const response = await app.request(address);
    const text = await response.text();
    assert.equal(response.status, 200);
    assert.match(response.headers.get('content-security-policy') ?? '', /default-src 'none'; style-src 'self'/);
    assert.match(text, /^<!doctype html>\n<html lang="en">/);
    assert.match(text, /<h1[ >]/);
    assert.doesNotMatch(text, /<script|\son[a-z]+="|javascript:|style="/i);
    assert.ok(text.includes(MADE_UP), 'says that the world is made up');
    assert.doesNotMatch(text, /undefined|\[object|NaN/);
  });

  test(`pages() ${address.slice(0, 30)}: the same as JSON, by suffix and by Accept`, async () => {
    const bySuffix = await app.request(address === '/' ? '/board.json' : address.replace(/(?=\?)|$/, '.json'));
    const byAccept = await app.request(address, { headers: { accept: 'application/json' } });
    const [one, two] = [await bySuffix.json(), await byAccept.json()] as [{ schema: string }, { schema: string }];
    assert.match(one.schema, /^suture\/[a-z-]+\/1$/);
    assert.deepEqual(one, two);
  });
}

test('pages() of a line and of a vulnerability say what nobody could determine, and why', async () => {
  for (const address of ['/lines/nginx:1.28', '/v/CVE-2026-2001']) {
    const text = await (await app.request(address)).text();
    assert.match(text, /to be looked at/i);
    assert.ok(text.includes('osv has not determined whether it is affected'));
  }
  const text = await (await app.request('/v/CVE-2026-1234')).text();
  assert.ok(text.includes('3.0.18 is at or above the fix 3.0.18 in semver order'));
});

test('pages() with hostile text in a summary: arrives as text', async () => {
  const text = await (await app.request('/v/CVE-2026-1188')).text();
  assert.equal(text.includes(HOSTILE), false);
  assert.ok(text.includes('&lt;script&gt;alert(1)&lt;/script&gt;'));
});

test('pages() with hostile text in the address: arrives as text', async () => {
  const response = await app.request(`/v/${encodeURIComponent(HOSTILE)}`);
  assert.equal(response.status, 404);
  assert.doesNotMatch(await response.text(), /<script|<img/);
});

test('pages() with hostile text as-of: refused as text', async () => {
  const response = await app.request(`/?as-of=${encodeURIComponent(HOSTILE)}`);
  assert.equal(response.status, 400);
  assert.doesNotMatch(await response.text(), /<script|<img/);
});

test('pages() as of a past instant: says so, and links keep it', async () => {
  const text = await (await app.request('/?as-of=2026-08-01T00:00:00Z')).text();
  assert.match(text, /As recorded up to/);
  assert.match(text, /href="\/v\/CVE-2026-1234\?as-of=2026-08-01T00%3A00%3A00Z"/);
});

test('pages() as of an instant before anything was known: an empty board that still says what it means', async () => {
  const text = await (await app.request('/?as-of=2026-07-01T00:00:00Z')).text();
  assert.match(text, /Nothing is overdue\./);
  assert.match(text, /Nothing waits for upstream\./);
});

test('pages() as of an instant to come: refused', async () => {
  assert.equal((await app.request('/?as-of=2031-01-01T00:00:00Z')).status, 400);
});

test('pages() of a vulnerability by its other name: the same page', async () => {
  assert.equal((await app.request('/v/GHSA-9v2q-6r3m-4x7h')).status, 200);
});

test('pages() of an unknown vulnerability: 404 that is not mistaken for "not affected"', async () => {
  const response = await app.request('/v/CVE-1999-0001');
  assert.equal(response.status, 404);
  assert.match(await response.text(), /not the same as “not affected”/);
  const problem = await app.request('/v/CVE-1999-0001.json');
  assert.equal(problem.headers.get('content-type'), 'application/problem+json');
});

const finds: readonly (readonly [string, string])[] = [
  ['CVE-2026-1234', '/v/CVE-2026-1234'],
  ['nginx:1.28', '/lines/nginx%3A1.28'],
  [digests.old, `/digests/${encodeURIComponent(digests.old)}`],
  ['//elsewhere.example', '/explain/%2F%2Felsewhere.example'],
  ['', '/'],
];

for (const [text, to] of finds) {
  test(`pages() look up "${text.slice(0, 20)}": on to its page`, async () => {
    const response = await app.request(`/find?id=${encodeURIComponent(text)}`);
    assert.equal(response.status, 303);
    assert.equal(response.headers.get('location'), to);
  });
}

test('pages() /healthz: status, store, last turn, and what was not seen for long', async () => {
  const response = await app.request('/healthz');
  assert.equal(response.status, 200);
  assert.deepEqual(await response.json(), {
    status: 'degraded',
    store: 'literal',
    lastTick: '2026-08-02T11:29:00Z',
    trouble: null,
    alarms: ['feed kev feeds/kev.json is last seen 40 m ago, 3 looks in a row failed'],
  });
});

for (const [seconds, status] of [
  [600, 200],
  [601, 503],
] as const) {
  test(`pages() /healthz ${seconds} s after the last turn, with a look every 300 s: ${status}`, async () => {
    const pulse = await deps.pulse();
    assert.ok(pulse !== null);
    const at = deps.now().subtract({ seconds });
    const late = pages({ ...deps, pulse: async () => ({ ...pulse, at, sources: { watched: 3, late: [] } }) });
    const response = await late.request('/healthz');
    assert.equal(response.status, status);
    const { status: told } = (await response.json()) as { readonly status: string };
    assert.equal(told, status === 200 ? 'ok' : 'stale');
  });
}

test('pages() /metrics: text of Prometheus, each figure with help and type', async () => {
  const response = await app.request('/metrics');
  assert.match(response.headers.get('content-type') ?? '', /^text\/plain; version=0\.0\.4/);
  const text = await response.text();
  for (const line of text.trimEnd().split('\n')) {
    assert.match(line, /^(# (HELP|TYPE) suture_[a-z_]+ .+|suture_[a-z_]+(\{standing="[a-z-]+"\})? -?[0-9.e+]+)$/);
  }
  for (const sample of ['suture_obligations{standing="overdue"} 1', 'suture_sources_late 1', 'suture_queue_steps 2'])
    assert.ok(text.includes(`${sample}\n`), sample);
});

test('pages() when we are wrong: 500 in the same style, without a detail, and it is told', async () => {
  const told: unknown[] = [];
  const broken = pages({
    ...deps,
    board: async () => {
      throw new Error('secret detail');
    },
    onFault: (error) => told.push(error),
  });
  const response = await broken.request('/');
  const text = await response.text();
  assert.equal(response.status, 500);
  assert.doesNotMatch(text, /secret detail/);
  assert.match(text, /A fault of ours/);
  assert.equal(told.length, 1);
});

test('pages() when the store is not available: 503', async () => {
  const broken = pages({
    ...deps,
    board: async () => {
      throw new Failure('E0803', 'the disk is full');
    },
  });
  assert.equal((await broken.request('/')).status, 503);
});

test('pages() for anything but reading: there is nothing to change', async () => {
  for (const method of ['POST', 'PUT', 'DELETE']) assert.equal((await app.request('/', { method })).status, 404);
});

test('listen() beyond loopback: refused unless it is allowed', async () => {
  await assert.rejects(listen(app, { host: '0.0.0.0', port: 0, beyondLoopback: false }), { code: 'E0801' });
});

test('listen() on a taken port: says so', async () => {
  const first = await listen(app, { host: '127.0.0.1', port: 0, beyondLoopback: false });
  const port = Number(new URL(first.url).port);
  await assert.rejects(listen(app, { host: '127.0.0.1', port, beyondLoopback: false }), { code: 'E0803' });
  await first.close();
});

test('pages() /report: to the last ninety days, and a past instant is kept', async () => {
  const response = await app.request('/report?as-of=2026-08-01T00:00:00Z');
  assert.deepEqual(
    [response.status, response.headers.get('location')],
    [303, '/report/last-90d?as-of=2026-08-01T00:00:00Z'],
  );
});

test('pages() /report as CSV: one line for each row, and one for the head', async () => {
  const response = await app.request('/report/2026-Q3.csv');
  assert.match(response.headers.get('content-type') ?? '', /^text\/csv/);
  assert.equal((await response.text()).trimEnd().split('\r\n').length, 25);
});

test('pages() /report as the file that proves itself: to be kept, not to be run here', async () => {
  const response = await app.request('/report/2026-Q3.proof.html');
  assert.equal(response.headers.get('content-disposition'), 'attachment; filename="report-2026-Q3.html"');
  assert.match(await response.text(), /id="facts"/);
});

test('pages() /report of one line: its rows alone, and a line that nobody knows is refused', async () => {
  const { items } = (await (await app.request('/report/2026-Q3.json?line=web:1')).json()) as {
    items: { line: string }[];
  };
  assert.deepEqual([...new Set(items.map(({ line }) => line))], ['web:1']);
  assert.equal((await app.request('/report/2026-Q3?line=none')).status, 400);
});

test('pages() /report of a period that cannot be read: refused as text', async () => {
  const response = await app.request(`/report/${encodeURIComponent('<b>Q3')}`);
  assert.equal(response.status, 400);
  assert.doesNotMatch(await response.text(), /<b>Q3/);
});
