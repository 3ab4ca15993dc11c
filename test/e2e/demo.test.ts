import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { chmodSync, chownSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test, type TestContext } from 'node:test';
import { worldNotice } from '../../src/serve/demo/scenario.ts';
import { isolationOr } from '../support/isolation.ts';
import { checkout, isPublished, readWorld, suture, temporaryFolder, type WorldEnd } from '../support/made-up-world.ts';
import { toolPath } from '../support/tool.ts';

/** The made-up world as a newcomer plays it: the command, without a terminal, with real builds, images and signatures. */

let world = '';
let first = { exitCode: null as number | null, out: '', err: '' };
let end: WorldEnd;
before(async () => {
  world = mkdtempSync(join(tmpdir(), 'suture-demo-'));
  first = await suture(['demo', '--dir', world]);
  if (first.exitCode === 0) end = await readWorld(world);
});
after(() => rmSync(world, { recursive: true, force: true }));

test('demo tells a kept promise, exits 0 without a terminal, and leaves what it told', () => {
  assert.equal(first.exitCode, 0, first.err);
  assert.match(first.out, /✔ 1 of 1 promise met/);
  for (const words of [worldNotice, 'a change to 1.0.1 is proposed', 'tested, and merged', 'carries a signed receipt'])
    assert.ok(oneLine(first.err).includes(words), `${words}: ${first.err}`);
  assert.deepEqual(end.trouble, []);
  assert.deepEqual(end.leftovers, []);
  assert.deepEqual(standings(end), [
    'CVE-2099-0001 hello:1 met',
    'CVE-2099-0001 hello:kiosk on-track',
    'CVE-2099-0002 hello:1 waiting',
    'CVE-2099-0002 hello:kiosk waiting',
  ]);
  assert.deepEqual(
    end.facts.filter(isPublished).map(({ payload }) => `${payload.line} ${payload.packages.join()}`),
    ['hello:1 hello=1.0.0-r0', 'hello:kiosk hello=1.0.0-r0', 'hello:1 hello=1.0.1-r0'],
  );
  const receipts = end.attached.filter(({ predicateType }) => predicateType === 'urn:suture:receipt:v1');
  assert.deepEqual(
    receipts.map(({ subject }) => subject),
    [end.images.get('1')],
  );
});

test('demo again in the same folder changes nothing', async () => {
  const again = await suture(['demo', '--exit', '--dir', world]);
  assert.equal(again.exitCode, 0, again.err);
  assert.match(again.out, /✔ 1 of 1 promise met/);
  const now = await readWorld(world);
  assert.deepEqual(now.facts, end.facts);
  assert.deepEqual(now.images, end.images);
  assert.deepEqual(now.attached, end.attached);
  assert.deepEqual(now.signatures, end.signatures);
});

test('status, explain, plan, run, diff and verify answer in JSON with the notice; the ledger holds', async () => {
  const status = await answer(['status'], 0);
  assert.deepEqual(reasonsOf(status), [
    ['CVE-2099-0001', 'hello:kiosk', 'person', true],
    ['CVE-2099-0002', 'hello:1', 'upstream', false],
    ['CVE-2099-0002', 'hello:kiosk', 'upstream', false],
  ]);
  const text = JSON.stringify(status);
  assert.match(text, /hello:kiosk holds hello<1\.0\.1 at lines\/hello-kiosk\.yaml:3:7 .*ask her first/);
  assert.match(text, /not cherry-picked: the policy asks .* rates it medium/);
  for (const [argv, exitCode] of [
    [['explain', 'CVE-2099-0001'], 0],
    [['explain', 'CVE-2099-0002'], 0],
    [['explain', 'hello:1'], 0],
    [['verify', 'hello:1'], 0],
    [['verify', 'hello:kiosk'], 0],
    [['plan'], null],
    [['run'], 3],
    [['diff', 'hello:1@previous', 'hello:1'], 0],
  ] as const) {
    assert.equal((await answer(argv, exitCode)).notice, worldNotice, argv.join(' '));
  }
  const ledger = await answer(['ledger', 'verify'], 0);
  assert.deepEqual([ledger.facts, ledger.trouble], [end.facts.length, null]);
});

test('demo --miss tells a broken promise with its cause, and exits 0', async (t) => {
  const folder = temporaryFolder(t);
  const { exitCode, out, err } = await suture(['demo', '--miss', '--exit', '--dir', folder]);
  assert.equal(exitCode, 0, err);
  assert.match(out, /✘ 0 of 2 promises met/);
  const missed = await readWorld(folder);
  assert.deepEqual(missed.trouble, []);
  assert.deepEqual(standings(missed).slice(0, 2), [
    'CVE-2099-0001 hello:1 missed',
    'CVE-2099-0001 hello:kiosk overdue',
  ]);
  const explained = oneLine((await suture(['--cwd', join(folder, 'catalog'), 'explain', 'CVE-2099-0001'])).out);
  assert.match(explained, /missed hello:1 missed by 4 h 1\d m .*?The builders have no disk \(E0403\)/);
  const verify = async (reference: string) => await suture(['--cwd', join(folder, 'catalog'), 'verify', reference]);
  const kiosk = await verify('hello:kiosk');
  assert.equal(kiosk.exitCode, 2, 'what became overdue long after it was published is no secret to whoever pulls');
  assert.match(oneLine(kiosk.out), /✖ promise 1 overdue · 1 waiting on upstream .*?: CVE-2099-0001 probably: /);
  assert.match(
    oneLine(kiosk.out),
    /✖ ledger the ledger of this catalog, .*? in hello:kiosk: CVE-2099-0001 \(overdue by /,
  );
  const [image] = /sha256:[0-9a-f]{64}/.exec(kiosk.out) ?? [];
  const byDigest = await verify(`hello@${image}`);
  assert.equal(byDigest.exitCode, 2, 'by the digest of its image it is the same image');
  assert.match(
    oneLine(byDigest.out),
    /✖ promise 1 overdue .*? receipts (\d+)\/\1 valid .*?it is what the tag kiosk leads to/,
  );
  const feeds = join(folder, 'feeds of the kiosk');
  assert.equal((await suture(['--cwd', join(folder, 'catalog'), 'feed', 'write', '--output', feeds])).exitCode, 0);
  const vex = readFileSync(join(feeds, 'openvex/lines/hello-kiosk.openvex.json'), 'utf8');
  assert.match(vex, /No release that fixes it is available yet\. The line is held at hello<1\.0\.1: /);
  assert.doesNotMatch(vex, /is rebuilt once there is one/);
  const shared = oneLine((await suture(['--cwd', join(folder, 'catalog'), 'explain', image ?? ''])).out);
  assert.match(shared, /hello:kiosk for .*? ✔ current .*? overdue by .*? hello:1 for .*? ▲ 1 behind;/);
  assert.equal((await verify('hello:1')).exitCode, 0);
});

test('demo that cannot go on says so and ends', async (t) => {
  const folder = temporaryFolder(t);
  mkdirSync(join(folder, 'catalog/.suture'), { recursive: true });
  writeFileSync(join(folder, 'catalog/.suture/blobs'), 'not a folder');
  const { exitCode, err } = await suture(['demo', '--exit', '--dir', folder]);
  assert.match(err, /^error\[E/m);
  assert.ok(exitCode !== null && exitCode >= 64, `exit ${exitCode}: ${err}`);
});

test('demo on a terminal serves the pages on the next free port, and ends with Ctrl-C', async (t) => {
  const script = toolPath(t, 'script');
  if (script === undefined) return;
  const taken = createServer().listen(0, '127.0.0.1');
  await once(taken, 'listening');
  t.after(() => taken.close());
  const { port } = taken.address() as AddressInfo;
  const command = `sh '${join(checkout, 'bin/suture')}' demo --dir '${world}' --port ${port}`;
  const child = spawn(script, ['-qec', command, '/dev/null'], { stdio: ['pipe', 'pipe', 'ignore'], timeout: 120_000 });
  const ended = once(child, 'close');
  let said = '';
  const url = await new Promise<string>((resolve, reject) => {
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      said += text;
      const found = /pages +(http:\S+\/)/.exec(said)?.[1];
      if (found !== undefined && said.includes('Ctrl-C ends it')) resolve(found);
    });
    child.once('close', () => reject(new Error(said)));
  });
  assert.ok(Number(new URL(url).port) > port, url);
  const page = await (await fetch(url)).text();
  assert.match(page, /1 of 1/);
  assert.ok(page.includes(worldNotice.slice(0, 24)));
  child.stdin.write('\x03');
  await ended;
  assert.equal(child.signalCode, null, said);
});

test('demo needs no network and no root', async (t) => {
  const alone = alonePrefix(t);
  if (alone === undefined || (await isolationOr(t, 'bubblewrap')) === undefined) return;
  await playAsNobody(t, alone, {});
});

test('demo needs no bubblewrap either', async (t) => {
  const alone = alonePrefix(t);
  if (alone === undefined || (await isolationOr(t, 'unshare')) === undefined) return;
  await playAsNobody(t, alone, { SUTURE_ISOLATION: 'unshare' });
});

const NOBODY = 65_534;

async function playAsNobody(t: TestContext, through: readonly string[], env: Readonly<Record<string, string>>) {
  const home = temporaryFolder(t);
  chmodSync(home, 0o755);
  chownSync(home, NOBODY, NOBODY);
  const folder = join(home, 'demo');
  const user = { HOME: home, XDG_CACHE_HOME: join(home, '.cache'), NODE_COMPILE_CACHE: '', TMPDIR: '/tmp', ...env };
  const { exitCode, out, err } = await suture(['demo', '--exit', '--dir', folder], { through, env: user });
  assert.equal(exitCode, 0, err);
  assert.match(out, /✔ 1 of 1 promise met/);
  assert.deepEqual((await readWorld(folder)).images, end.images);
}

/** Program and arguments that run a command as nobody in particular, with nothing but a loopback interface. */
function alonePrefix(t: TestContext): readonly string[] | undefined {
  const become = ['setpriv', `--reuid=${NOBODY}`, `--regid=${NOBODY}`, '--clear-groups'];
  const through = ['unshare', '-n', 'sh', '-c', `ip link set lo up && exec ${become.join(' ')} "$@"`, 'sh'];
  const [program = '', ...rest] = through;
  const tried = spawnSync(program, [...rest, 'test', '-r', join(checkout, 'bin/suture')]);
  if (tried.status === 0) return through;
  t.skip('skipped: needs root, setpriv, unshare, ip, and a checkout that everybody may read');
  return undefined;
}

interface Answer {
  readonly notice?: string;
  readonly facts?: number;
  readonly trouble?: string | null;
  readonly items?: readonly {
    readonly vulnerability: string;
    readonly line: string;
    readonly standing: string;
    readonly reason: { readonly who: string; readonly text: string };
  }[];
}

async function answer(argv: readonly string[], exitCode: number | null): Promise<Answer> {
  const ran = await suture(['--cwd', join(world, 'catalog'), ...argv, '--json']);
  if (exitCode !== null) assert.equal(ran.exitCode, exitCode, `${argv.join(' ')}: ${ran.out}${ran.err}`);
  return JSON.parse(ran.out) as Answer;
}

/** Of what is open: vulnerability, line, who must move, and whether that person's note is told. */
function reasonsOf({ items = [] }: Answer): readonly (readonly [string, string, string, boolean])[] {
  return items
    .filter(({ standing }) => standing !== 'met')
    .map(({ vulnerability, line, reason }) => [vulnerability, line, reason.who, reason.text.includes('ada')] as const)
    .sort((a, b) => (a.join() < b.join() ? -1 : 1));
}

function standings({ obligations }: WorldEnd): readonly string[] {
  return obligations.map(({ vulnerability, line, standing }) => `${vulnerability} ${line} ${standing}`).sort();
}

function oneLine(text: string): string {
  return text.replaceAll(/\s+/g, ' ');
}
