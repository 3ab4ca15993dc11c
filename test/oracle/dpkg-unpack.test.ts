import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test, type TestContext } from 'node:test';
import { type Digest, digestOf } from '../../src/core/digest.ts';
import type { AvailablePackage } from '../../src/core/resolve/available-package.ts';
import type { BlobStore } from '../../src/factory/deps.ts';
import { memoryCache } from '../../src/factory/image/cache.ts';
import { composeImage } from '../../src/factory/image/compose-image.ts';
import type { PackageLayer } from '../../src/factory/image/package-layer.ts';
import { filesOf } from '../../src/factory/image/verify-image.ts';
import type { TarEntry } from '../../src/formats/tar/entry.ts';
import { openDeb } from '../../src/io/debian/open-deb.ts';
import { imageRunner } from '../../src/io/sandbox/run-image.ts';
import { differences, linesOfFolder, linesOfTree } from '../support/compared-trees.ts';
import { debianPackages } from '../support/debian-packages.ts';
import { dpkgUnpack, mergedLinks } from '../support/dpkg-unpack.ts';
import { isolationOr } from '../support/isolation.ts';
import { line } from '../support/literals.ts';
import { toolPath } from '../support/tool.ts';
import { type UnpackSet, unpackSets } from './unpack-sets.ts';

/** All that may be otherwise than dpkg leaves it, and why. */
const OURS: readonly { readonly why: string; readonly is: (path: string, entry: TarEntry | undefined) => boolean }[] = [
  {
    why: 'dpkg is at work here and has not configured anything: what it keeps beside lists of files and checksums',
    is: (path) => /^var\/lib\/dpkg(\/|$)/.test(path) && !/^var\/lib\/dpkg\/info\/[^/]+\.(list|md5sums)$/.test(path),
  },
  {
    why: 'links of merged /usr and the folders behind them stand before anything is unpacked, in images only where used',
    is: (path, entry) => mergedLinks.some((name) => path === name || (path === `usr/${name}` && entry === undefined)),
  },
  { why: 'alternatives stand in for postinst', is: (path) => /^etc\/alternatives(\/|$)/.test(path) },
  {
    why: 'so do the links that lead to them',
    is: (_, entry) => entry?.linkTarget?.startsWith('/etc/alternatives/') === true,
  },
  { why: 'accounts stand in for postinst', is: (path) => path === 'etc/passwd' || path === 'etc/group' },
  {
    why: 'one bundle of certificates stands in for postinst',
    is: (path) => path === 'etc/ssl/certs/ca-certificates.crt',
  },
];

/** What an image has where its packages do not bring it. */
const ADDED = new Set('dev etc etc/os-release proc root run sys tmp usr var var/tmp'.split(' '));

const isLong = process.env['SUTURE_LONG'] === '1';
const sample: ReadonlySet<string> = new Set([
  'base-files base-passwd nginx',
  'curl ca-certificates',
  'mawk gawk original-awk dash coreutils',
  'vim nano ed dash',
  'mount util-linux procps fuse3',
  'sudo login passwd adduser',
]);
const sets = isLong ? unpackSets : unpackSets.filter(({ names }) => sample.has(names));

const scratch = mkdtempSync(join(roomyFolder(), 'suture-unpack-'));
after(() => rmSync(scratch, { recursive: true, force: true }));
const blobs = blobsIn(scratch);
const layerCache = memoryCache<PackageLayer>(1000);

for (const set of sets) {
  test(`composeImage() holds what dpkg unpacks: ${set.names}`, async (t) => {
    if (process.getuid?.() !== 0) return t.skip('skipped: only root may give files their owners');
    if (toolPath(t, 'dpkg') === undefined) return;
    const debian = await sharedPackages(t);
    if (debian === undefined) return;
    const packages = debian.resolved(set.names.split(' '));
    const { files, missing } = await debian.downloadPackages(packages);
    assert.deepEqual(missing, []);
    const debs = packages.map(({ file }) => files.get(file.sha256) ?? '');

    const tree = await mergedTree(packages, debs);
    const root = mkdtempSync(join(scratch, 'root-'));
    try {
      dpkgUnpack(debs, root);
      const found = notExplained(tree, root);
      t.diagnostic(`${packages.length} packages, ${tree.length} files`);
      assert.deepEqual(found, []);
      if (set.run !== undefined) await runs(t, tree, set.run);
    } finally {
      rmSync(root, { recursive: true });
    }
  });
}

let known: ReturnType<typeof debianPackages> | undefined;

async function sharedPackages(t: TestContext): ReturnType<typeof debianPackages> {
  known ??= debianPackages(t);
  const debian = await known;
  if (debian === undefined) t.skip('skipped: there are no packages');
  return debian;
}

/** As the factory makes it, without a registry. */
async function mergedTree(
  packages: readonly AvailablePackage[],
  debs: readonly string[],
): Promise<readonly TarEntry[]> {
  const refs: { name: string; version: string; digest: Digest }[] = [];
  for (const [index, { name, version }] of packages.entries()) {
    refs.push({ name, version, digest: await blobs.put(readFileSync(debs[index] ?? '')) });
  }
  const request = {
    line: line({ format: 'deb', suites: ['bookworm', 'bookworm-security'] }),
    architecture: 'amd64',
    packages: refs,
    createdAt: Temporal.Instant.from('2026-08-02T11:40:00Z'),
    release: '12',
  } as const;
  const image = await composeImage(request, { blobs, layerCache, openDeb });
  return filesOf(image.manifest, async ({ digest }) => (await blobs.get(digest)) ?? new Uint8Array());
}

function notExplained(tree: readonly TarEntry[], root: string): readonly string[] {
  const byPath = new Map(tree.map((entry) => [entry.path, entry]));
  const ours = linesOfTree(tree);
  // Configuration files wait under another name for the package to be configured.
  const theirs = linesOfFolder(root, (path) => path.replace(/\.dpkg-new$/, ''));
  const isList = (path: string) => path.startsWith('var/lib/dpkg/');
  return differences(ours, theirs)
    .filter((path) => !OURS.some(({ is }) => is(path, byPath.get(path))))
    .filter((path) => !(ADDED.has(path) && !theirs.has(path)))
    .filter((path) => !(isList(path) && withoutTime(ours.get(path)) === withoutTime(theirs.get(path))))
    .map((path) => `${path}\n  ours ${ours.get(path)}\n  dpkg ${theirs.get(path)}`);
}

/** dpkg writes its lists when it unpacks; ours are as old as the package. */
function withoutTime(line: string | undefined): string | undefined {
  return line?.replace(/^(\S+ \S+ \S+) \S+/, '$1');
}

async function runs(t: TestContext, tree: readonly TarEntry[], run: NonNullable<UnpackSet['run']>): Promise<void> {
  const isolation = await isolationOr(t, 'bubblewrap');
  if (isolation === undefined) return;
  const start = imageRunner({ timeoutSeconds: 60, memoryBytes: 1024 ** 3, isolation });
  const result = await start({
    architecture: 'amd64',
    files: async () => tree,
    argv: run.argv,
    environment: { HOME: '/tmp' },
    workDir: '/',
    user: { uid: 65_532, gid: 65_532 },
  });
  assert.ok(result.kind === 'exited', result.kind);
  assert.match(result.output, run.prints);
  assert.equal(result.exitCode, 0, result.output);
}

/** Where the files of some sets lie in memory, if there is plenty. */
function roomyFolder(): string {
  const memory = '/dev/shm';
  try {
    const { bavail, bsize } = statfsSync(memory);
    return bavail * bsize > 8 * 1024 ** 3 ? memory : tmpdir();
  } catch {
    return tmpdir();
  }
}

function blobsIn(folder: string): BlobStore {
  const stored = new Set<Digest>();
  const pathOf = (digest: Digest) => join(folder, digest.slice('sha256:'.length));
  return {
    put: async (bytes) => {
      const digest = digestOf(bytes);
      if (!stored.has(digest)) writeFileSync(pathOf(digest), bytes);
      stored.add(digest);
      return digest;
    },
    get: async (digest) => (stored.has(digest) ? readFileSync(pathOf(digest)) : undefined),
    has: async (digest) => stored.has(digest),
  };
}
