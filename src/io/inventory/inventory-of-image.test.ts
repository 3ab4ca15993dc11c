import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { gzipSync, zstdCompressSync } from 'node:zlib';
import { digestOf } from '../../core/digest.ts';
import { writeTar } from '../../formats/tar/write-tar.ts';
import { inventoryOfImage } from './inventory-of-image.ts';
import type { TarEntry } from '../../formats/tar/entry.ts';

const plain = { mode: 0o644, uid: 0, gid: 0, mtime: 0 };
const file = (path: string, content: string | Uint8Array = ''): TarEntry => ({
  ...plain,
  path,
  kind: 'file',
  content: Buffer.from(content),
});
const installed = (name: string) =>
  file(`app/node_modules/${name}/package.json`, `{"name":"${name}","version":"1.0.0"}`);
const base = writeTar([file('etc/os-release', 'ID=alpine\nVERSION_ID=3.20.1\n'), installed('a'), installed('b')]);
const top = writeTar([
  file('app/node_modules/.wh.a'),
  file('lib/apk/db/installed', 'P:musl\nV:1-r0\nA:x86_64\n\n'),
  file(`app/node_modules/${'long-'.repeat(30)}/package.json`, '{"name":"long","version":"2.0.0"}'),
]);
const expected = ['pkg:npm/b@1.0.0', 'pkg:npm/long@2.0.0', 'pkg:apk/alpine/musl@1-r0?arch=x86_64&distro=alpine-3.20'];

type Files = Record<string, Uint8Array>;

function layout(
  images: readonly { readonly layers: readonly Uint8Array[]; readonly tag?: string; readonly architecture?: string }[],
): Files {
  const files: Files = { 'oci-layout': Buffer.from('{"imageLayoutVersion":"1.0.0"}') };
  const blob = (bytes: Uint8Array, mediaType: string) => {
    files[`blobs/${digestOf(bytes).replace(':', '/')}`] = bytes;
    return { mediaType, digest: digestOf(bytes), size: bytes.length };
  };
  const manifests = images.map(({ layers, tag, architecture }) => {
    const manifest = {
      schemaVersion: 2,
      config: blob(Buffer.from('{}'), 'application/vnd.oci.image.config.v1+json'),
      layers: layers.map((bytes) => blob(bytes, 'application/vnd.oci.image.layer.v1.tar+any')),
    };
    return {
      ...blob(Buffer.from(JSON.stringify(manifest)), 'application/vnd.oci.image.manifest.v1+json'),
      ...(tag === undefined ? {} : { annotations: { 'org.opencontainers.image.ref.name': tag } }),
      ...(architecture === undefined ? {} : { platform: { os: 'linux', architecture } }),
    };
  });
  files['index.json'] = Buffer.from(JSON.stringify({ schemaVersion: 2, manifests }));
  return files;
}

function asFolder(t: TestContext, files: Files): string {
  const folder = mkdtempSync(join(tmpdir(), 'suture-image-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  for (const [path, bytes] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), bytes);
  }
  return folder;
}

function asTar(t: TestContext, files: Files, links: Readonly<Record<string, string>> = {}): string {
  const entries = Object.entries(files).map(([path, bytes]) => file(path, bytes));
  const symlinks = Object.entries(links).map(
    ([path, linkTarget]) => ({ ...plain, path, kind: 'symlink', linkTarget }) as const,
  );
  return join(asFolder(t, { 'image.tar': writeTar([...entries, ...symlinks]) }), 'image.tar');
}

const purls = async (path: string, choice = {}) =>
  (await inventoryOfImage(path, choice)).inventory.components.map((one) => one.purl);

test('inventoryOfImage() of a layout, as folder and as tar, however its layers are packed', async (t) => {
  const files = layout([{ layers: [gzipSync(base), zstdCompressSync(top)], tag: '1.28' }]);
  assert.deepEqual(await purls(asFolder(t, files)), expected);
  const image = await inventoryOfImage(asTar(t, files));
  assert.deepEqual(
    image.inventory.components.map((one) => one.purl),
    expected,
  );
  assert.equal(image.name, '1.28');
  assert.match(image.digest ?? '', /^sha256:/);
});

test('inventoryOfImage() of what docker save writes, layers that are links too', async (t) => {
  const manifest = [{ Config: 'c.json', RepoTags: ['hello:1'], Layers: ['one/layer.tar', 'two/layer.tar'] }];
  const files = { 'manifest.json': Buffer.from(JSON.stringify(manifest)), 'one/layer.tar': base, 'x/layer.tar': top };
  const path = asTar(t, files, { 'two/layer.tar': '../x/layer.tar' });
  assert.deepEqual(await purls(path), expected);
  assert.equal((await inventoryOfImage(path, { tag: '1' })).name, 'hello:1');
});

test('inventoryOfImage() of the tar of a root', async (t) => {
  const folder = asFolder(t, { 'root.tar': base });
  assert.deepEqual(await purls(join(folder, 'root.tar')), ['pkg:npm/a@1.0.0', 'pkg:npm/b@1.0.0']);
});

test('inventoryOfImage() of several images takes the one that is meant, and asks where that is not clear', async (t) => {
  const one = (name: string) => [writeTar([installed(name)])];
  const folder = asFolder(
    t,
    layout([
      { layers: one('a'), tag: '1', architecture: 'amd64' },
      { layers: one('b'), tag: '1', architecture: 'arm64' },
      { layers: one('c'), tag: '2', architecture: 's390x' },
      { layers: one('d'), architecture: 'unknown' },
    ]),
  );
  assert.deepEqual(await purls(folder, { architecture: 'arm64' }), ['pkg:npm/b@1.0.0']);
  assert.deepEqual(await purls(folder, { tag: '2' }), ['pkg:npm/c@1.0.0']);
  await assert.rejects(inventoryOfImage(folder, { tag: '3' }), { code: 'E0902' });
  const two = asFolder(
    t,
    layout([
      { layers: one('a'), tag: '1' },
      { layers: one('b'), tag: '2' },
    ]),
  );
  await assert.rejects(inventoryOfImage(two), { code: 'E0902', message: /several images/ });
});

test('inventoryOfImage() believes no bytes that are not what their digest says', async (t) => {
  const files = layout([{ layers: [gzipSync(base)] }]);
  for (const [path, bytes] of Object.entries(files).filter(([each]) => each.startsWith('blobs/'))) {
    if (bytes.length === 2) continue;
    const folder = asFolder(t, files);
    const other = Buffer.from(bytes);
    // In a manifest a blank, in a layer the time of its packing: what only a digest notices.
    other[bytes[0] === 0x7b ? bytes.lastIndexOf(0x7d) : 4] = 0x0a;
    writeFileSync(join(folder, path), other);
    await assert.rejects(inventoryOfImage(folder), { code: 'E0301' }, path);
  }
});

test('inventoryOfImage() refuses what is damaged, incomplete or no image', async (t) => {
  const bomb = layout([{ layers: [gzipSync(base).subarray(0, 60)] }]);
  await assert.rejects(inventoryOfImage(asFolder(t, bomb)), { code: 'E0404' });
  const lacking = layout([{ layers: [base] }]);
  delete lacking[`blobs/${digestOf(base).replace(':', '/')}`];
  await assert.rejects(inventoryOfImage(asFolder(t, lacking)), { code: 'E0404' });
  await assert.rejects(inventoryOfImage(asFolder(t, {})), { code: 'E0404' });
  await assert.rejects(inventoryOfImage('/nowhere/at/all'), { code: 'E0902' });
  await assert.rejects(inventoryOfImage(join(asFolder(t, { x: Buffer.from('text'.repeat(300)) }), 'x')), {
    code: 'E0404',
  });
  const cut = join(asFolder(t, { x: readFileSync(asTar(t, lacking)).subarray(0, 2000) }), 'x');
  await assert.rejects(inventoryOfImage(cut), { code: 'E0404' });
});
