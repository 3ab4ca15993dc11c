import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { chownSync, mkdtempSync, rmSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test, type TestContext } from 'node:test';
import { promisify } from 'node:util';
import { listenRegistry, type ListeningRegistry } from '../../src/io/registry/listen.ts';
import { placesOf } from '../../src/wire/places.ts';
import { isolationOr } from '../support/isolation.ts';
import { suture } from '../support/made-up-world.ts';
import { toolPath } from '../support/tool.ts';

/** Images that the made-up world published, pulled, unpacked and run by programs of others, on nothing but themselves. */

const run = promisify(execFile);
const limits = { timeout: 60_000, maxBuffer: 16 * 1024 ** 2 };
const SAID = 'hello 1.0.1: hello, world!\n';
const architectures = ['amd64', 'arm64'] as const;
const here = process.arch === 'arm64' ? 'arm64' : 'amd64';
const isRoot = process.getuid?.() === 0;

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
  const skopeo = toolPath(t, 'skopeo');
  if (skopeo === undefined) return;
  for (const architecture of architectures) {
    await pull(skopeo, architecture, join(scratch, architecture));
    const { stdout } = await run(skopeo, ['inspect', '--config', `oci:${scratch}/${architecture}:hello`], limits);
    const config = JSON.parse(stdout) as { readonly architecture: string; readonly config: { readonly User: string } };
    assert.equal(config.architecture, architecture);
    assert.match(config.config.User, /^(nonroot|65532)/);
  }
});

test('skopeo inspects the index byte for byte, with both platforms', async (t) => {
  const skopeo = toolPath(t, 'skopeo');
  if (skopeo === undefined) return;
  const { stdout } = await run(skopeo, ['inspect', '--raw', '--tls-verify=false', image()], limits);
  const served = await (await ask('manifests/1')).text();
  assert.equal(stdout, served);
  assert.deepEqual(
    indexOf(served).manifests.map(({ platform }) => `${platform?.os}/${platform?.architecture}`),
    ['linux/amd64', 'linux/arm64'],
  );
});

test('every architecture has its SBOMs, VEX and provenance, and the index its receipt', async () => {
  const answer = await ask('manifests/1');
  const index = indexOf(await answer.text());
  assert.deepEqual(await papersOf(answer.headers.get('docker-content-digest') ?? ''), ['urn:suture:receipt:v1']);
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
  const bundle = await unpacked(t, 'for-bwrap');
  if (bwrap === undefined || bundle === undefined) return;
  const alone = ['--unshare-all', '--die-with-parent', '--clearenv', '--ro-bind', join(bundle, 'rootfs'), '/'];
  const { stdout } = await run(bwrap, [...alone, '/usr/bin/hello'], limits);
  assert.equal(stdout, SAID);
});

test('runc runs the unpacked bundle as it is, as root', async (t) => {
  if (!isRoot) return t.skip('skipped: not root');
  const runc = toolPath(t, 'runc');
  const bundle = await unpacked(t, 'for-runc', []);
  if (runc === undefined || bundle === undefined) return;
  await runWithRunc(t, { runc, bundle, through: [] });
});

test('runc runs the unpacked bundle rootless', async (t) => {
  const runc = toolPath(t, 'runc');
  const setpriv = isRoot ? toolPath(t, 'setpriv') : '';
  if (runc === undefined || setpriv === undefined) return;
  const through = isRoot ? [setpriv, `--reuid=${NOBODY}`, `--regid=${NOBODY}`, '--clear-groups'] : [];
  const bundle = await unpacked(t, 'for-rootless', ['--rootless'], through);
  if (bundle === undefined) return;
  await runWithRunc(t, { runc, bundle, through });
});

const NOBODY = 65_534;

function image(): string {
  return `docker://${registry?.host}/hello:1`;
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

async function pull(skopeo: string, architecture: string, folder: string): Promise<void> {
  const options = ['--insecure-policy', '--override-arch', architecture];
  await run(skopeo, [...options, 'copy', '--src-tls-verify=false', image(), `oci:${folder}:hello`], limits);
}

/** A runtime bundle of this machine's architecture, of the user that `through` becomes. */
async function unpacked(
  t: TestContext,
  name: string,
  options: readonly string[] = ['--rootless'],
  through: readonly string[] = [],
): Promise<string | undefined> {
  const [skopeo, umoci] = [toolPath(t, 'skopeo'), toolPath(t, 'umoci')];
  if (skopeo === undefined || umoci === undefined) return undefined;
  const home = mkdtempSync(join(tmpdir(), `suture-${name}-`));
  t.after(() => rmSync(home, { recursive: true, force: true }));
  await pull(skopeo, here, join(home, 'layout'));
  if (through.length > 0) await run('chown', ['-R', `${NOBODY}:${NOBODY}`, home], limits);
  const [program, ...rest] = [...through, umoci];
  const bundle = join(home, 'bundle');
  await run(program, [...rest, 'unpack', ...options, '--image', `${join(home, 'layout')}:hello`, bundle], {
    ...limits,
    env: { ...process.env, HOME: home },
  });
  return bundle;
}

/** The terminal is taken away, for there is none; and a runtime without root maps a single user, the image's 0. */
async function runWithRunc(
  t: TestContext,
  { runc, bundle, through }: { readonly runc: string; readonly bundle: string; readonly through: readonly string[] },
): Promise<void> {
  const path = join(bundle, 'config.json');
  const config = JSON.parse(await readFile(path, 'utf8')) as {
    process: { terminal: boolean; user: { uid: number; gid: number } };
    linux: { uidMappings?: unknown };
  };
  config.process.terminal = false;
  if (config.linux.uidMappings !== undefined) config.process.user = { uid: 0, gid: 0 };
  await writeFile(path, JSON.stringify(config));
  const state = mkdtempSync(join(tmpdir(), 'suture-runc-'));
  t.after(() => rmSync(state, { recursive: true, force: true }));
  if (through.length > 0) chownSync(state, NOBODY, NOBODY);
  const [program, ...rest] = [...through, runc];
  const { stdout } = await run(program, [...rest, '--root', state, 'run', '--bundle', bundle, `hello-${process.pid}`], {
    ...limits,
    env: { ...process.env, XDG_RUNTIME_DIR: state },
  });
  assert.equal(stdout, SAID);
}
