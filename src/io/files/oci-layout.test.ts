import { noDebs } from '../../../test/support/no-suites.ts';
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { lstatSync, mkdtempSync, readFileSync, readlinkSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { line as aLine } from '../../../test/support/literals.ts';
import { digestOf } from '../../core/digest.ts';
import { memoryCache } from '../../factory/image/cache.ts';
import { composeImage } from '../../factory/image/compose-image.ts';
import { composeIndex } from '../../factory/image/compose-index.ts';
import { readImage } from '../../factory/image/read-image.ts';
import { writePackage } from '../../formats/apk/write-package.ts';
import { parseIndex } from '../../formats/oci/manifest.ts';
import { readOciLayout, writeOciLayout } from './oci-layout.ts';
import type { TestContext } from 'node:test';
import type { Architecture } from '../../core/fact.ts';
import type { ComposedLine } from '../../factory/image/image.ts';
import type { Descriptor } from '../../formats/oci/descriptor.ts';

test('writeOciLayout() and readOciLayout() keep a line whole, and other tags beside it', async (t) => {
  const folder = scratch(t);
  const { composed, blob } = await aComposedLine();
  await writeOciLayout(folder, composed.index, { blob, tag: 'a' });
  await writeOciLayout(folder, composed.index, { blob, tag: 'b' });
  await writeOciLayout(folder, composed.index, { blob, tag: 'a' });
  const layout = await readOciLayout(folder);
  assert.deepEqual(
    layout.index.manifests.map((entry) => entry.annotations?.['org.opencontainers.image.ref.name']),
    ['b', 'a'],
  );
  const tagged = layout.tagged('b');
  assert.ok(tagged !== undefined && layout.tagged('c') === undefined && layout.tagged(null) === undefined);
  const [first] = parseIndex(await layout.blob(tagged), 'index').manifests;
  assert.ok(first !== undefined);
  const read = await readImage(first, { blob: layout.blob, layerFacts: memoryCache(9) });
  assert.deepEqual(read.inventory, composed.images[0]?.inventory);
});

test('readOciLayout() refuses what is none, and a blob that is longer than it should be', async (t) => {
  const folder = scratch(t);
  await assert.rejects(readOciLayout(folder), { code: 'E0404' });
  const { composed, blob } = await aComposedLine();
  await writeOciLayout(folder, composed.index, { blob });
  const layout = await readOciLayout(folder);
  assert.equal(layout.tagged(null)?.digest, composed.index.digest);
  writeFileSync(
    join(folder, 'blobs/sha256', composed.index.digest.slice(7)),
    Buffer.alloc(composed.index.sizeBytes + 1),
  );
  await assert.rejects(layout.blob(composed.index), { code: 'E0205' });
  writeFileSync(join(folder, 'index.json'), '{"schemaVersion":2');
  await assert.rejects(readOciLayout(folder), { code: 'E0404' });
});

test('writeOciLayout() writes nothing under a digest that it does not have', async (t) => {
  const folder = scratch(t);
  const { composed, blob } = await aComposedLine();
  const lying = async (ref: Descriptor): Promise<Uint8Array> =>
    ref.digest === composed.images[0]?.config.digest ? Buffer.from('{}') : blob(ref);
  await assert.rejects(writeOciLayout(folder, composed.index, { blob: lying }), { code: 'E0301' });
  await assert.rejects(readOciLayout(folder), { code: 'E0404' });
});

test('writeOciLayout() without a tag leaves what is there, and itself only once', async (t) => {
  const folder = scratch(t);
  const { composed, blob } = await aComposedLine();
  const [one, other] = composed.images;
  assert.ok(one !== undefined && other !== undefined);
  for (const root of [one.manifest, other.manifest, one.manifest]) await writeOciLayout(folder, root, { blob });
  const { index } = await readOciLayout(folder);
  assert.deepEqual(
    index.manifests.map((entry) => entry.digest),
    [other.manifest.digest, one.manifest.digest],
  );
});

test('composeImage() makes images that other tools copy and unpack', async (t) => {
  if (!hasTools(t)) return;
  const folder = scratch(t);
  const { composed, blob } = await aComposedLine();
  await writeOciLayout(join(folder, 'layout'), composed.index, { blob, tag: '1' });
  runTool('skopeo', ['copy', '--quiet', '--all', `oci:${folder}/layout:1`, `oci:${folder}/copy:1`]);
  const copied = await readOciLayout(join(folder, 'copy'));
  assert.equal(copied.tagged('1')?.digest, composed.index.digest);
  // Decompresses every layer and compares it with the configuration's digests.
  runTool('skopeo', [
    'copy',
    '--quiet',
    '--override-arch=amd64',
    `oci:${folder}/layout:1`,
    `docker-archive:${folder}/image.tar`,
  ]);

  const amd64 = composed.images[0]?.manifest;
  assert.ok(amd64 !== undefined);
  await writeOciLayout(join(folder, 'single'), amd64, { blob, tag: '1' });
  runTool('umoci', ['unpack', '--rootless', '--image', `${folder}/single:1`, `${folder}/bundle`]);
  const root = join(folder, 'bundle/rootfs');
  assert.equal(readFileSync(join(root, 'usr/bin/hello'), 'utf8'), '#!/bin/sh\necho hello\n');
  assert.equal(lstatSync(join(root, 'usr/bin/hello')).mode & 0o777, 0o755);
  assert.equal(readlinkSync(join(root, 'usr/bin/hi')), 'hello');
  assert.match(readFileSync(join(root, 'lib/apk/db/installed'), 'utf8'), /^P:hello$/m);
  const config: unknown = JSON.parse(readFileSync(join(folder, 'bundle/config.json'), 'utf8'));
  assert.match(JSON.stringify(config), /"args":\["\/usr\/bin\/hello"\]/);
});

function runTool(tool: string, args: readonly string[]): void {
  execFileSync(tool, args, { stdio: 'pipe' });
}

function hasTools(t: TestContext): boolean {
  const there = ['skopeo', 'umoci'].every((tool) => spawnSync(tool, ['--version']).status === 0);
  if (there) return true;
  const required = (process.env['SUTURE_REQUIRE'] ?? '').split(',').includes('skopeo');
  assert.ok(!required, 'skopeo is required, and skopeo or umoci is not there');
  t.skip('skipped: no skopeo');
  return false;
}

async function aComposedLine(): Promise<{ composed: ComposedLine; blob: (ref: Descriptor) => Promise<Uint8Array> }> {
  const kept = new Map<string, Uint8Array>();
  const blobs = {
    put: async (bytes: Uint8Array) => {
      kept.set(digestOf(bytes), bytes);
      return digestOf(bytes);
    },
    get: async (digest: string) => kept.get(digest),
    has: async (digest: string) => kept.has(digest),
  };
  const deps = { blobs, layerCache: memoryCache<never>(0), openDeb: noDebs };
  const createdAt = Temporal.Instant.from('2026-08-02T00:00:00Z');
  const images = [];
  for (const architecture of ['amd64', 'arm64'] as const) {
    const packages = [{ name: 'hello', version: '1.0-r0', digest: await blobs.put(helloPackage(architecture)) }];
    images.push(await composeImage({ line: aLine(), architecture, packages, createdAt }, deps));
  }
  const blob = async (ref: Descriptor): Promise<Uint8Array> => {
    const bytes = kept.get(ref.digest);
    assert.ok(bytes !== undefined);
    return bytes;
  };
  return { composed: await composeIndex(images, deps), blob };
}

function helloPackage(architecture: Architecture): Uint8Array {
  const plain = { uid: 0, gid: 0, mtime: 0, mode: 0o755 };
  const input = {
    name: 'hello',
    version: '1.0-r0',
    architecture,
    origin: 'hello',
    description: '',
    license: 'MIT',
    url: '',
  };
  return writePackage(
    { ...input, commit: null, builddate: 1_700_000_000, dependencies: [], provides: [], components: [] },
    [
      { ...plain, path: 'usr/bin/hello', kind: 'file', content: Buffer.from('#!/bin/sh\necho hello\n') },
      { ...plain, path: 'usr/bin/hi', kind: 'symlink', linkTarget: 'hello' },
      { ...plain, path: 'usr/bin/hey', kind: 'hardlink', linkTarget: 'usr/bin/hello' },
    ],
  );
}

function scratch(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'suture-layout-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}
