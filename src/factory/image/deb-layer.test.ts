import assert from 'node:assert/strict';
import { test } from 'node:test';
import { digestOf } from '../../core/digest.ts';
import { readLayer } from '../../formats/oci/read-layer.ts';
import type { TarEntry } from '../../formats/tar/entry.ts';
import { readTar } from '../../formats/tar/read-tar.ts';
import { gunzip } from '../../formats/gzip/gunzip.ts';
import type { DebPackage } from '../../formats/deb/read-deb.ts';
import { debLayer } from './deb-layer.ts';

const entry = (path: string, rest: Partial<TarEntry> = {}): TarEntry => ({
  path,
  kind: 'file',
  mode: 0o644,
  uid: 0,
  gid: 0,
  mtime: 9,
  content: Buffer.from(path),
  ...rest,
});

const deb = (files: readonly TarEntry[]): DebPackage => ({
  info: {
    name: 'odd',
    version: '1',
    architecture: 'amd64',
    multiArch: null,
    source: { name: 'odd', version: '1' },
    essential: false,
    dependencies: [],
    conflicts: [],
    provides: [],
    replaces: [],
    maintainer: '',
    description: '',
    homepage: '',
    installedSizeBytes: 0,
  },
  stanza: 'Package: odd\nVersion: 1\nArchitecture: amd64\n',
  scripts: new Map(),
  conffiles: [],
  md5sums: '',
  triggers: '',
  shlibs: '',
  files,
});

async function layerOf(files: readonly TarEntry[]) {
  let stored: Uint8Array = new Uint8Array();
  const blobs = {
    put: async (bytes: Uint8Array) => {
      stored = bytes;
      return digestOf(bytes);
    },
    get: async () => stored,
    has: async () => true,
  };
  const ref = { name: 'odd', version: '1', digest: digestOf('x') };
  const made = await debLayer(ref, new Uint8Array(), { blobs, openDeb: async () => deb(files) });
  return { made, stored };
}

test('debLayer() keeps owners, set-user-id bits, times and hard links, each after the file that it names', async () => {
  const { made, stored } = await layerOf([
    entry('usr', { kind: 'directory', mode: 0o755 }),
    entry('usr/a-b', { mode: 0o4755, gid: 42 }),
    entry('usr/a', { kind: 'directory', mode: 0o755 }),
    entry('usr/a/c', { kind: 'hardlink', linkTarget: 'usr/a-b' }),
  ]);
  const members = readTar(gunzip(stored, { what: 'layer', outputBytesMax: 2 ** 20 }), { archive: 'layer' });
  assert.deepEqual(
    members.slice(0, 4).map(({ kind, path, mode, gid, mtime }) => [kind, path, mode, gid, mtime]),
    [
      ['directory', 'usr', 0o755, 0, 9],
      ['directory', 'usr/a', 0o755, 0, 9],
      ['file', 'usr/a/c', 0o4755, 42, 9],
      ['hardlink', 'usr/a-b', 0o4755, 42, 9],
    ],
  );
  const { entries } = readLayer(stored, { mediaType: made.layer.mediaType, at: 'layer' });
  assert.equal(String(entries.find(({ path }) => path === 'usr/a-b')?.content), 'usr/a-b');
  assert.equal(made.builtAt, 9);
});

test('debLayer() refuses a file by which an image would lose those of other packages', async () => {
  for (const path of ['.wh..wh..opq', 'usr/.wh.shadow']) {
    await assert.rejects(layerOf([entry(path)]), { code: 'E0404', message: /removal of another/ });
  }
  await layerOf([entry('usr/x.wh.y')]);
});
