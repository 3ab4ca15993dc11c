import { noDebs } from '../../../test/support/no-suites.ts';
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import { line as aLine } from '../../../test/support/literals.ts';
import { digestOf } from '../../core/digest.ts';
import { Failure } from '../../core/failure.ts';
import { parseInstalledDatabase } from '../../formats/apk/installed-database.ts';
import { readPackage } from '../../formats/apk/read-package.ts';
import { writePackage } from '../../formats/apk/write-package.ts';
import { parseConfig } from '../../formats/oci/image-config.ts';
import { parseIndex, parseManifest } from '../../formats/oci/manifest.ts';
import { memoryCache } from './cache.ts';
import { composeImage } from './compose-image.ts';
import { composeIndex } from './compose-index.ts';
import { readImage } from './read-image.ts';
import { filesOf } from './verify-image.ts';
import type { Digest } from '../../core/digest.ts';
import type { PackageInput } from '../../formats/apk/write-package.ts';
import type { TarEntry } from '../../formats/tar/entry.ts';
import type { BlobStore } from '../deps.ts';
import type { ComposeRequest } from './compose-image.ts';
import type { BlobRef } from './image.ts';
import type { PackageLayerDeps, PackageRef } from './package-layer.ts';

const createdAt = Temporal.Instant.from('2026-08-02T11:40:00Z');
const line = aLine({
  user: { name: 'app', uid: 65_532, gid: 65_532 },
  workDir: '/srv/app',
  environment: { MODE: 'quiet' },
  annotations: { title: 'Hello' },
});

test('composeImage() gives the same digests for the same packages, in any order, with and without its cache', async () => {
  const { deps, add } = factory();
  const packages = [
    await add('hello', ['usr/bin/hello']),
    await add('libc', ['usr/lib/libc.so.6']),
    await add('zoo', ['usr/bin/zoo']),
  ];
  const request: ComposeRequest = { line, architecture: 'amd64', packages, createdAt };
  const first = await composeImage(request, deps);
  assert.deepEqual(await composeImage(request, deps), first);
  assert.deepEqual(
    await composeImage({ ...request, packages: packages.toReversed() }, { ...deps, layerCache: memoryCache(9) }),
    first,
  );
  const later = await composeImage({ ...request, createdAt: createdAt.add({ hours: 1 }) }, deps);
  assert.deepEqual(later.layers, first.layers);
  assert.notEqual(later.manifest.digest, first.manifest.digest);
});

test('composeImage() takes the data of a package as its layer: the digest is the one that the package itself names', async () => {
  const { deps, add, bytesOf } = factory();
  const hello = await add('hello', ['usr/bin/hello']);
  const image = await composeImage({ line, architecture: 'amd64', packages: [hello], createdAt }, deps);
  const { info } = readPackage(await bytesOf(hello), { archive: 'hello' });
  assert.equal(image.layers[0]?.digest, `sha256:${info.dataHash}`);
  assert.equal(image.layers.length, 2);
});

test('composeImage() says in config and manifest what the line declares', async () => {
  const { deps, add, bytesOf } = factory();
  const image = await composeImage(
    {
      line,
      architecture: 'arm64',
      packages: [await add('hello', ['usr/bin/hello'], { architecture: 'arm64' })],
      createdAt,
    },
    deps,
  );
  const manifest = parseManifest(await bytesOf(image.manifest), 'manifest');
  assert.deepEqual(manifest.annotations, {
    'org.opencontainers.image.created': '2026-08-02T11:40:00Z',
    title: 'Hello',
  });
  assert.deepEqual(parseConfig(await bytesOf(image.config), 'config'), {
    created: '2026-08-02T11:40:00Z',
    architecture: 'arm64',
    variant: 'v8',
    os: 'linux',
    entrypoint: ['/usr/bin/hello'],
    cmd: [],
    environment: { MODE: 'quiet', PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin' },
    workDir: '/srv/app',
    user: '65532:65532',
    labels: { title: 'Hello' },
    exposedPorts: [],
    volumes: [],
    stopSignal: '',
    diffIds: image.layers.map((layer) => layer.diffId),
    history: ['hello 1.0-r0', 'package database'],
  });
});

test('composeImage() puts database, accounts, os-release and folders on top', async () => {
  const { deps, add, bytesOf } = factory();
  const packages = [await add('zoo', ['usr/bin/zoo']), await add('hello', ['usr/bin/hello'])];
  const image = await composeImage({ line, architecture: 'amd64', packages, createdAt }, deps);
  const files = new Map((await filesOf(image.manifest, bytesOf)).map((file) => [file.path, file]));
  const text = (path: string) => Buffer.from(files.get(path)?.content ?? []).toString();
  const database = parseInstalledDatabase(
    files.get('usr/lib/apk/db/installed')?.content ?? new Uint8Array(0),
    'installed',
  );
  assert.deepEqual(
    database.map((one) => one.name),
    ['hello', 'zoo'],
  );
  assert.ok(database[0]?.files.some((file) => file.path === 'usr/bin/hello'));
  assert.equal(files.get('lib/apk')?.linkTarget, '../usr/lib/apk');
  assert.equal(
    text('etc/passwd'),
    'root:x:0:0:root:/root:/bin/sh\nnobody:x:65534:65534:nobody:/:/bin/false\napp:x:65532:65532::/home/app:/bin/sh\n',
  );
  assert.equal(text('etc/group'), 'root:x:0:\nnobody:x:65534:\napp:x:65532:\n');
  assert.match(text('etc/os-release'), /^ID=suture$/m);
  assert.deepEqual(
    [files.get('tmp')?.mode, files.get('root')?.mode, files.get('srv/app')?.uid, files.get('home/app')?.mode],
    [0o1777, 0o700, 65_532, 0o700],
  );
});

test('composeImage() leaves alone what a package brings: links, os-release, and accounts are added to', async () => {
  const { deps, add, bytesOf } = factory();
  const base = await add('base', [
    {
      ...plain,
      path: 'etc/passwd',
      kind: 'file',
      content: Buffer.from('root:x:0:0:Admin:/root:/bin/ash\ndaemon:x:1:1::/:/bin/false\n'),
    },
    { ...plain, path: 'etc/os-release', kind: 'file', content: Buffer.from('ID=other\n') },
    { ...plain, path: 'lib', kind: 'symlink', linkTarget: 'usr/lib' },
    { ...plain, path: 'tmp', kind: 'directory', mode: 0o777 },
    { ...plain, path: 'etc/ssl/certs/ca-certificates.crt', kind: 'file' },
  ]);
  const image = await composeImage({ line, architecture: 'amd64', packages: [base], createdAt }, deps);
  const files = new Map((await filesOf(image.manifest, bytesOf)).map((file) => [file.path, file]));
  assert.match(
    Buffer.from(files.get('etc/passwd')?.content ?? []).toString(),
    /^root:x:0:0:Admin.*\ndaemon.*\nnobody.*\napp:.*\n$/,
  );
  assert.equal(Buffer.from(files.get('etc/os-release')?.content ?? []).toString(), 'ID=other\n');
  assert.deepEqual([files.get('lib')?.kind, files.get('tmp')?.mode, files.has('lib/apk')], ['symlink', 0o777, false]);
  assert.equal(
    parseConfig(await bytesOf(image.config), 'x').environment['SSL_CERT_FILE'],
    '/etc/ssl/certs/ca-certificates.crt',
  );
  assert.equal(image.inventory.components[0]?.purl, 'pkg:apk/other/base@1.0-r0?arch=x86_64');
});

test('composeImage() refuses two packages that want one path, and names both', async () => {
  const { deps, add } = factory();
  const text = (path: string, content: string, change: Partial<TarEntry> = {}): TarEntry => ({
    ...plain,
    path,
    kind: 'file',
    content: Buffer.from(content),
    ...change,
  });
  const rows: readonly { what: string; one: TarEntry; other: TarEntry; replaces?: string; clash: boolean }[] = [
    { what: 'other content', one: text('usr/x', '1'), other: text('usr/x', '2'), clash: true },
    { what: 'the same content', one: text('usr/x', '1'), other: text('usr/x', '1'), clash: false },
    { what: 'other permissions', one: text('usr/x', '1'), other: text('usr/x', '1', { mode: 0o755 }), clash: true },
    {
      what: 'other content, declared as replaced',
      one: text('usr/x', '1'),
      other: text('usr/x', '2'),
      replaces: 'two',
      clash: false,
    },
    {
      what: 'a file and a folder',
      one: text('usr/x', '1'),
      other: { ...plain, path: 'usr/x', kind: 'directory' },
      clash: true,
    },
    {
      what: 'a link and what goes through it',
      one: { ...plain, path: 'lib', kind: 'symlink', linkTarget: 'usr/lib' },
      other: text('lib/x', '1'),
      clash: true,
    },
    {
      what: 'two folders',
      one: { ...plain, path: 'usr/x', kind: 'directory' },
      other: { ...plain, path: 'usr/x', kind: 'directory', mode: 0o755 },
      clash: false,
    },
  ];
  for (const { what, one, other, replaces, clash } of rows) {
    const packages = [
      await add('one', [one], replaces === undefined ? {} : { replaces: [replaces] }),
      await add('two', [other]),
    ];
    const composed = composeImage({ line, architecture: 'amd64', packages, createdAt }, deps);
    if (clash) await assert.rejects(composed, isFailure('E0401', /one and two .*\/(usr\/x|lib)$/), what);
    else await assert.doesNotReject(composed, what);
  }
});

test('composeImage() puts a package that replaces files above the one they belong to', async () => {
  const { deps, add, bytesOf } = factory();
  const file = (content: string): TarEntry => ({
    ...plain,
    path: 'etc/x',
    kind: 'file',
    content: Buffer.from(content),
  });
  const packages = [await add('a-replaces', [file('new')], { replaces: ['old'] }), await add('old', [file('old')])];
  const image = await composeImage({ line, architecture: 'amd64', packages, createdAt }, deps);
  const merged = (await filesOf(image.manifest, bytesOf)).find((entry) => entry.path === 'etc/x');
  assert.equal(Buffer.from(merged?.content ?? []).toString(), 'new');
});

test('composeImage() refuses what cannot work: a missing dependency, another machine, an unknown or wrong package', async () => {
  const { deps, add } = factory();
  const compose = (...packages: readonly PackageRef[]) =>
    composeImage({ line, architecture: 'amd64', packages, createdAt }, deps);
  const needy = await add('needy', [], { dependencies: ['so:libz.so.1', 'base'] });
  await assert.rejects(compose(needy), isFailure('E0401', /^Package needy needs base, which no package/));
  const base = await add('base', [], { provides: ['so:libz.so.1=1.3'] });
  await assert.doesNotReject(compose(needy, base));
  await assert.rejects(
    compose(await add('arm', [], { architecture: 'arm64' })),
    isFailure('E0401', /arm is for aarch64/),
  );
  await assert.rejects(compose({ ...base, digest: digestOf('nothing') }), isFailure('E0401', /not in the blob store/));
  await assert.rejects(compose({ ...base, name: 'other' }), isFailure('E0404', /is base 1.0-r0/));
});

test('composeImage() shares one layer among the smallest once there are more than a runtime can mount', async () => {
  const { deps, add, bytesOf } = factory();
  const packages: PackageRef[] = [];
  for (let i = 0; i < 130; i += 1) packages.push(await add(`p${i}`, [`usr/bin/p${i}`]));
  const image = await composeImage({ line, architecture: 'amd64', packages, createdAt }, deps);
  assert.equal(image.layers.length, 101);
  assert.equal(image.inventory.packages.length, 130);
  const paths = (await filesOf(image.manifest, bytesOf)).map((file) => file.path);
  for (let i = 0; i < 130; i += 1) assert.ok(paths.includes(`usr/bin/p${i}`));
  assert.deepEqual(
    await composeImage({ line, architecture: 'amd64', packages: packages.toReversed(), createdAt }, deps),
    image,
  );
});

test('readImage() reads back from bytes alone what was composed', async () => {
  const { deps, add, bytesOf } = factory();
  const image = await composeImage(
    { line, architecture: 'amd64', packages: [await add('hello', ['usr/bin/hello'])], createdAt },
    deps,
  );
  const read = await readImage(image.manifest, { blob: bytesOf, layerFacts: memoryCache(9) });
  assert.deepEqual(read.inventory, image.inventory);
  assert.equal(
    read.facts.files.get('usr/bin/hello')?.content,
    createHash('sha256').update('usr/bin/hello').digest('hex'),
  );
  const [component] = read.inventory.components;
  assert.deepEqual([component?.purl, component?.patched], ['pkg:generic/hello@1.0', ['CVE-2026-1']]);
});

test('composeIndex() puts the images of a line under one index, whatever their order', async () => {
  const { deps, add, bytesOf } = factory();
  const arm = await composeImage(
    { line, architecture: 'arm64', packages: [await add('hello', [], { architecture: 'arm64' })], createdAt },
    deps,
  );
  const amd = await composeImage({ line, architecture: 'amd64', packages: [await add('hello', [])], createdAt }, deps);
  const composed = await composeIndex([arm, amd], deps);
  assert.deepEqual(await composeIndex([amd, arm], deps), composed);
  const index = parseIndex(await bytesOf(composed.index), 'index');
  assert.deepEqual(
    index.manifests.map((one) => [one.digest, one.platform?.architecture]),
    [
      [amd.manifest.digest, 'amd64'],
      [arm.manifest.digest, 'arm64'],
    ],
  );
});

const plain = { uid: 0, gid: 0, mtime: 0, mode: 0o644 };

/** Blobs in memory, and packages made on the spot: a path stands for a file that holds its own name. */
function factory() {
  const kept = new Map<Digest, Uint8Array>();
  const blobs: BlobStore = {
    put: async (bytes) => {
      kept.set(digestOf(bytes), bytes);
      return digestOf(bytes);
    },
    get: async (digest) => kept.get(digest),
    has: async (digest) => kept.has(digest),
  };
  const deps: PackageLayerDeps = { blobs, layerCache: memoryCache(1000), openDeb: noDebs };
  const add = async (
    name: string,
    files: readonly (string | TarEntry)[],
    change: Partial<PackageInput> = {},
  ): Promise<PackageRef> => {
    const input: PackageInput = {
      name,
      version: '1.0-r0',
      architecture: 'amd64',
      origin: name,
      description: '',
      license: 'MIT',
      url: '',
      commit: null,
      builddate: 1_700_000_000,
      dependencies: [],
      provides: [],
      components: name === 'base' ? [] : [component(name)],
      ...change,
    };
    const tree = files.map(
      (file): TarEntry =>
        typeof file === 'string'
          ? { ...plain, path: file, kind: 'file', mode: 0o755, content: Buffer.from(file) }
          : file,
    );
    return { name, version: input.version, digest: await blobs.put(writePackage(input, tree)) };
  };
  const bytesOf = async (ref: Pick<BlobRef, 'digest'>): Promise<Uint8Array> => {
    const bytes = kept.get(ref.digest);
    assert.ok(bytes !== undefined);
    return bytes;
  };
  return { deps, add, bytesOf };
}

function component(name: string): PackageInput['components'][number] {
  const upstream = `pkg:generic/${name}`;
  return {
    purl: `${upstream}@1.0`,
    version: '1.0',
    scheme: 'generic',
    upstream,
    stream: '1',
    edge: 'is',
    package: name,
    patched: ['CVE-2026-1'],
  };
}

function isFailure(code: string, message: RegExp): (error: unknown) => boolean {
  return (error) => {
    assert.ok(error instanceof Failure, String(error));
    assert.equal(error.code, code);
    assert.match(error.message, message);
    return true;
  };
}
