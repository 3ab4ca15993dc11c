import { noDebs } from '../../../test/support/no-suites.ts';
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { line as aLine } from '../../../test/support/literals.ts';
import { digestOf } from '../../core/digest.ts';
import { defaultPolicy } from '../../core/promise/policy.ts';
import { writePackage } from '../../formats/apk/write-package.ts';
import { memoryCache } from './cache.ts';
import { composeImage } from './compose-image.ts';
import { verifyImage } from './verify-image.ts';
import type { Account } from '../../core/compat/image-facts.ts';
import type { Digest } from '../../core/digest.ts';
import type { PackageInput } from '../../formats/apk/write-package.ts';
import type { TarEntry } from '../../formats/tar/entry.ts';
import type { BlobRef, ComposedImage } from './image.ts';
import type { RunRequest, RunResult, Verification, VerifyDeps, VerifyRequest } from './verify-image.ts';

const line = aLine({ test: { args: ['--version'], expect: 'hello 1' } });

test('verifyImage() passes an image that is clean, keeps what was there and runs', async () => {
  const { compose, verify } = await factory();
  const first = await verify(await compose('1.0.0', ['usr/bin/hello', 'etc/hello.conf']));
  assert.deepEqual(gatesOf(first), ['bytes ok', 'clean ok', 'compatible ok', 'runs ok']);
  const second = await verify(await compose('1.0.1', ['usr/bin/hello', 'etc/hello.conf', 'usr/bin/more']), {
    predecessor: first.facts,
  });
  assert.equal(second.passed, true);
  assert.deepEqual(second.findings, []);
});

test('verifyImage() runs the entrypoint with the arguments of the test, in the tree of the image, as its user', async () => {
  const { compose, verify } = await factory();
  const requests: (RunRequest & { readonly paths: readonly string[] })[] = [];
  await verify(
    await compose('1.0.0', ['usr/bin/hello']),
    {},
    {
      run: async (request) => {
        requests.push({ ...request, paths: (await request.files()).map((file) => file.path) });
        return { kind: 'exited', exitCode: 0, output: 'hello 1.0.0\n' };
      },
    },
  );
  const [request, ...others] = requests;
  assert.ok(request !== undefined && others.length === 0);
  assert.deepEqual(request.argv, ['/usr/bin/hello', '--version']);
  assert.deepEqual([request.workDir, request.user], ['/', { uid: 0, gid: 0 }]);
  assert.ok(request.paths.includes('usr/bin/hello') && request.paths.includes('etc/passwd'));
});

const runs: readonly (readonly [what: string, result: RunResult, passed: boolean, detail: RegExp])[] = [
  ['prints what is expected', { kind: 'exited', exitCode: 0, output: 'this is hello 1.0.0' }, true, /exit code 0/],
  [
    'prints something else',
    { kind: 'exited', exitCode: 0, output: 'hi' },
    false,
    /expected "hello 1", it printed "hi"/,
  ],
  ['fails', { kind: 'exited', exitCode: 127, output: 'hello 1: not found' }, false, /exit code 127/],
  ['goes on running', { kind: 'still-running', output: 'hello 1 is listening' }, true, /still running/],
  ['cannot be run here', { kind: 'not-run', reason: 'arm64 programs do not run here' }, true, /not run: arm64/],
];

for (const [what, result, passed, detail] of runs) {
  test(`verifyImage() when the program ${what}: ${passed ? 'passes' : 'does not pass'}`, async () => {
    const { compose, verify } = await factory();
    const verified = await verify(await compose('1.0.0', []), {}, { run: async () => result });
    assert.equal(verified.passed, passed);
    assert.match(verified.gates.find((gate) => gate.gate === 'runs')?.detail ?? '', detail);
  });
}

test('verifyImage() refuses what the scan of the bytes refuses', async () => {
  const { compose, verify } = await factory();
  const verified = await verify(
    await compose('1.0.0', []),
    {},
    {
      judge: async ({ components }) => ({ passed: false, detail: `CVE-2026-1 in ${components[0]?.purl}` }),
    },
  );
  assert.deepEqual(gatesOf(verified), ['bytes ok', 'clean refused', 'compatible ok', 'runs ok']);
  assert.equal(verified.gates[1]?.detail, 'CVE-2026-1 in pkg:generic/hello@1.0.0');
});

test('verifyImage() refuses what breaks users, unless the policy or a person lets it', async () => {
  const { compose, verify } = await factory();
  const { facts } = await verify(await compose('1.0.0', ['usr/bin/hello', 'usr/bin/gone']));
  const next = await compose('1.0.1', ['usr/bin/hello']);
  const refused = await verify(next, { predecessor: facts });
  assert.deepEqual(gatesOf(refused), ['bytes ok', 'clean ok', 'compatible refused', 'runs ok']);
  assert.match(refused.gates[2]?.detail ?? '', /^file-removed: 1 file .*\(\/usr\/bin\/gone\)$/);
  assert.equal((await verify(next, { predecessor: facts, accepted: ['file-removed'] })).passed, true);
  const lenient = await verify(next, { predecessor: facts, policy: { compatibility: { refuse: ['user-changed'] } } });
  assert.deepEqual([lenient.passed, lenient.findings.map((one) => one.kind)], [true, ['file-removed']]);
});

test('verifyImage() refuses an image whose /etc/passwd lost an account', async () => {
  const { compose, verify } = await factory();
  const { facts } = await verify(await compose('1.0.0', ['usr/bin/hello']));
  assert.ok(facts !== null);
  assert.deepEqual(
    facts.accounts.map(({ kind, name, id }) => `${kind} ${name} ${id}`),
    ['user root 0', 'user nobody 65534', 'group root 0', 'group nobody 65534'],
  );
  const gone: Account = { kind: 'user', name: 'app', id: 1000, groupId: 1000, home: '/srv', shell: '/bin/sh' };
  const refused = await verify(await compose('1.0.1', ['usr/bin/hello']), {
    predecessor: { ...facts, accounts: [...facts.accounts, gone] },
  });
  assert.deepEqual(gatesOf(refused), ['bytes ok', 'clean ok', 'compatible refused', 'runs ok']);
  assert.match(refused.gates[2]?.detail ?? '', /\(user app is gone\)$/);
});

test('verifyImage() judges nothing else once the bytes are not what they are called', async () => {
  const { compose, verify, kept } = await factory();
  const image = await compose('1.0.0', ['usr/bin/hello']);
  const [layer] = image.layers;
  assert.ok(layer !== undefined);
  const rows: readonly (readonly [string, (ref: BlobRef) => Uint8Array])[] = [
    ['one byte changed in a layer', (ref) => (ref.digest === layer.digest ? changed(kept(ref)) : kept(ref))],
    ['a cut layer', (ref) => (ref.digest === layer.digest ? kept(ref).subarray(1) : kept(ref))],
    ['another configuration', (ref) => (ref.digest === image.config.digest ? Buffer.from('{}') : kept(ref))],
    ['no manifest', (ref) => (ref.digest === image.manifest.digest ? Buffer.from('{}') : kept(ref))],
  ];
  for (const [what, blob] of rows) {
    const verified = await verify(image, {}, { blob: async (ref) => blob(ref) });
    assert.deepEqual(gatesOf(verified), ['bytes refused'], what);
    assert.equal(verified.passed, false);
  }
  const other: ComposedImage = { ...image, inventory: { packages: [], components: [] } };
  assert.deepEqual(gatesOf(await verify(other)), ['bytes refused']);
});

function gatesOf({ gates }: Verification): readonly string[] {
  return gates.map((gate) => `${gate.gate} ${gate.passed ? 'ok' : 'refused'}`);
}

function changed(bytes: Uint8Array): Uint8Array {
  const copy = Buffer.from(bytes);
  copy[copy.length - 1] = (copy[copy.length - 1] ?? 0) ^ 1;
  return copy;
}

/** Composes images of one package and verifies them, from blobs in memory. */
async function factory() {
  const blobs = new Map<Digest, Uint8Array>();
  const put = async (bytes: Uint8Array): Promise<Digest> => {
    blobs.set(digestOf(bytes), bytes);
    return digestOf(bytes);
  };
  const deps = {
    blobs: { put, get: async (digest: Digest) => blobs.get(digest), has: async (digest: Digest) => blobs.has(digest) },
    layerCache: memoryCache<never>(0),
    openDeb: noDebs,
  };
  const kept = (ref: BlobRef): Uint8Array => {
    const bytes = blobs.get(ref.digest);
    assert.ok(bytes !== undefined);
    return bytes;
  };
  return {
    kept,
    compose: async (version: string, paths: readonly string[]): Promise<ComposedImage> => {
      const bytes = writePackage(packageOf(version), paths.map(fileOf));
      const packages = [{ name: 'hello', version: `${version}-r0`, digest: await put(bytes) }];
      return composeImage(
        { line, architecture: 'amd64', packages, createdAt: Temporal.Instant.from('2026-08-02T00:00:00Z') },
        deps,
      );
    },
    verify: (
      image: ComposedImage,
      request: Partial<VerifyRequest> = {},
      change: Partial<VerifyDeps> = {},
    ): Promise<Verification> =>
      verifyImage(
        { image, line, predecessor: null, policy: defaultPolicy, ...request },
        {
          blob: async (ref) => kept(ref),
          layerFacts: memoryCache(0),
          judge: async () => ({ passed: true, detail: 'nothing known' }),
          run: async () => ({ kind: 'exited', exitCode: 0, output: 'hello 1.0.0\n' }),
          ...change,
        },
      ),
  };
}

function packageOf(version: string): PackageInput {
  const upstream = 'pkg:generic/hello';
  return {
    name: 'hello',
    version: `${version}-r0`,
    architecture: 'amd64',
    origin: 'hello',
    description: '',
    license: 'MIT',
    url: '',
    commit: null,
    builddate: 1_700_000_000,
    dependencies: [],
    provides: [],
    components: [
      {
        purl: `${upstream}@${version}`,
        version,
        scheme: 'semver',
        upstream,
        stream: '1.0',
        edge: 'is',
        package: 'hello',
        patched: [],
      },
    ],
  };
}

function fileOf(path: string): TarEntry {
  return { path, kind: 'file', mode: 0o755, uid: 0, gid: 0, mtime: 0, content: Buffer.from(path) };
}
