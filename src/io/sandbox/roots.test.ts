import assert from 'node:assert/strict';
import { chmod, cp, mkdir, mkdtemp, readdir, rm, symlink, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { hostToolsRoot, isolationOr } from '../../../test/support/isolation.ts';
import { digestOf } from '../../core/digest.ts';
import { Failure } from '../../core/failure.ts';
import { gzip } from '../../formats/gzip/gzip.ts';
import { encodeIndex, encodeManifest } from '../../formats/oci/manifest.ts';
import { mediaTypes } from '../../formats/oci/media-types.ts';
import type { TarEntry } from '../../formats/tar/entry.ts';
import { writeTar } from '../../formats/tar/write-tar.ts';
import { makeHostToolsRoot } from './build-root.ts';
import { collectTree } from './collect-tree.ts';
import { digestOfRoot } from './digest-of-root.ts';
import { openRoot } from './open-root.ts';
import { runInSandbox } from './run-in-sandbox.ts';
import { writeTree } from './write-tree.ts';

let scratch = '';
before(async () => {
  scratch = await mkdtemp(join(tmpdir(), 'suture-roots-'));
});
after(() => rm(scratch, { recursive: true, force: true }));

const isFailure = (code: string) => (error: unknown) => error instanceof Failure && error.code === code;

const entry = (path: string, more: Partial<TarEntry> = {}): TarEntry => ({
  path,
  kind: 'file',
  mode: 0o644,
  uid: 0,
  gid: 0,
  mtime: 1,
  ...(more.kind === undefined || more.kind === 'file' ? { content: Buffer.from(path) } : {}),
  ...more,
});

test('makeHostToolsRoot() makes a root whose tools run, and leaves it alone the next time', async (t) => {
  const root = await hostToolsRoot();
  const digest = await digestOfRoot(root);
  await makeHostToolsRoot(root);
  assert.equal(await digestOfRoot(root), digest);
  const isolation = await isolationOr(t, 'bubblewrap');
  if (isolation === undefined) return;
  const script = 'printf "b\\na\\n" | sort | tr a-z A-Z; node -p 1+1; env true && [ -d /tmp ] && echo yes';
  const run = await runInSandbox(
    {
      root,
      mounts: [],
      command: ['/bin/sh', '-e', '-c', script],
      cwd: '/',
      env: { PATH: '/usr/bin' },
      timeoutSeconds: 20,
      memoryBytes: 2 * 1024 ** 3,
      outputBytesMax: 4096,
      network: false,
    },
    isolation,
  );
  assert.equal(run.stdout, 'A\nB\n2\nyes\n', run.stderr);
});

test('digestOfRoot() is the same: another place, other times; differs: content, name, mode, link', async () => {
  const one = join(scratch, 'one');
  await mkdir(join(one, 'folder'), { recursive: true });
  await writeFile(join(one, 'folder/file'), 'x', { mode: 0o644 });
  await symlink('file', join(one, 'folder/link'));
  const digest = await digestOfRoot(one);
  const copies: readonly (readonly [boolean, (copy: string) => Promise<unknown>])[] = [
    [true, (copy) => utimes(join(copy, 'folder/file'), 1, 1)],
    [false, (copy) => writeFile(join(copy, 'folder/file'), 'y')],
    [false, (copy) => writeFile(join(copy, 'folder/more'), '')],
    [false, (copy) => chmod(join(copy, 'folder/file'), 0o755)],
    [false, (copy) => rm(join(copy, 'folder/link')).then(() => symlink('other', join(copy, 'folder/link')))],
    [false, (copy) => mkdir(join(copy, 'empty'))],
  ];
  for (const [i, [same, change]] of copies.entries()) {
    const copy = join(scratch, `copy-${i}`);
    await cp(one, copy, { recursive: true, verbatimSymlinks: true });
    await change(copy);
    assert.equal((await digestOfRoot(copy)) === digest, same, String(i));
  }
});

/** An OCI layout with one image of two layers; the second takes a file of the first away. */
async function makeLayout(folder: string, layers: readonly (readonly TarEntry[])[]): Promise<void> {
  const put = async (mediaType: string, bytes: Uint8Array) => {
    const digest = digestOf(bytes);
    await mkdir(join(folder, 'blobs/sha256'), { recursive: true });
    await writeFile(join(folder, 'blobs', ...digest.split(':')), bytes);
    return { mediaType, digest, sizeBytes: bytes.length };
  };
  const packed = [];
  for (const entries of layers) packed.push(await put(mediaTypes.layerGzip, gzip(writeTar(entries))));
  const config = await put(mediaTypes.config, Buffer.from('{}'));
  const manifest = await put(mediaTypes.manifest, encodeManifest({ config, layers: packed, annotations: {} }));
  const other = await put(mediaTypes.manifest, encodeManifest({ config, layers: [], annotations: {} }));
  const platform = (architecture: string) => ({ platform: { architecture, os: 'linux' } });
  const manifests = [
    { ...other, ...platform('s390x') },
    { ...manifest, ...platform('amd64') },
  ];
  await writeFile(join(folder, 'index.json'), encodeIndex({ manifests, annotations: {} }));
  await writeFile(join(folder, 'oci-layout'), '{"imageLayoutVersion":"1.0.0"}');
}

test('openRoot() unpacks an OCI layout once: layers in order, whiteouts applied', async () => {
  const layout = join(scratch, 'layout');
  const bottom = [entry('etc', { kind: 'directory', mode: 0o755 }), entry('etc/kept'), entry('etc/gone')];
  await makeLayout(layout, [
    bottom,
    [entry('etc/.wh.gone'), entry('etc/link', { kind: 'symlink', linkTarget: 'kept' })],
  ]);
  const cache = join(scratch, 'cache');
  const opened = await openRoot(layout, cache, 'amd64');
  assert.deepEqual(await readdir(join(opened.folder, 'etc')), ['kept', 'link']);
  assert.deepEqual(await openRoot(layout, cache, 'amd64'), opened);
  assert.deepEqual(await readdir(cache), [opened.folder.slice(cache.length + 1)]);
  await assert.rejects(openRoot(layout, cache, 'arm64'), isFailure('E0401'));
});

test('openRoot() is E0404: a layer that writes through a link of a layer below; nothing stays', async () => {
  const layout = join(scratch, 'hostile');
  const outside = await mkdtemp(join(scratch, 'outside-'));
  await makeLayout(layout, [[entry('out', { kind: 'symlink', linkTarget: outside })], [entry('out/file')]]);
  const cache = join(scratch, 'cache-hostile');
  await assert.rejects(openRoot(layout, cache, 'amd64'), isFailure('E0404'));
  assert.deepEqual(await readdir(outside), []);
  assert.deepEqual(await readdir(cache), []);
});

test('openRoot() is E0301: a blob is not what it is called; E0401: there is none', async () => {
  const layout = join(scratch, 'damaged');
  await makeLayout(layout, [[entry('file')]]);
  const blobs = join(layout, 'blobs/sha256');
  for (const name of await readdir(blobs)) await writeFile(join(blobs, name), 'damaged');
  await assert.rejects(openRoot(layout, join(scratch, 'cache-damaged'), 'amd64'), isFailure('E0301'));
  await assert.rejects(openRoot(join(scratch, 'nothing'), scratch), isFailure('E0401'));
});

test('openRoot() notices a changed file: the digest is taken again', async () => {
  const root = join(scratch, 'changing');
  await mkdir(root);
  await writeFile(join(root, 'file'), 'one');
  const before = await openRoot(root, scratch);
  await writeFile(join(root, 'file'), 'two');
  assert.notEqual((await openRoot(root, scratch)).digest, before.digest);
});

test('writeTree() and collectTree() are each other’s inverse, owners and times aside', async () => {
  const folder = await mkdtemp(join(scratch, 'tree-'));
  const entries = [
    entry('a', { kind: 'directory', mode: 0o755 }),
    entry('a/file', { mode: 0o755 }),
    entry('a/link', { kind: 'symlink', mode: 0o777, linkTarget: '../nowhere' }),
    entry('b', { mode: 0o600 }),
  ];
  await writeTree(folder, entries);
  const collected = await collectTree(scratch, folder.slice(scratch.length + 1), 1);
  assert.deepEqual(
    collected.map((each) => ({
      ...each,
      ...(each.content === undefined ? {} : { content: Buffer.from(each.content) }),
    })),
    entries,
  );
});
