import assert from 'node:assert/strict';
import { test } from 'node:test';
import { memoryBlobs } from '../../test/support/composed-line.ts';
import { line } from '../../test/support/literals.ts';
import { digestOf } from '../core/digest.ts';
import { Failure } from '../core/failure.ts';
import type { Step } from '../core/plan/step.ts';
import type { AvailablePackage } from '../core/resolve/available-package.ts';
import { readDeb } from '../formats/deb/read-deb.ts';
import { writeTar } from '../formats/tar/write-tar.ts';
import { memoryCache } from './image/cache.ts';
import { importPackages } from './import-packages.ts';

const now = Temporal.Instant.from('2026-03-01T10:00:00Z');
const bytesOf = (name: string) => new TextEncoder().encode(`the deb of ${name}`);

/** Debs whose bytes are only their name: what they hold is made up. */
const openDeb = (bytes: Uint8Array) => {
  const name = new TextDecoder().decode(bytes).replace('the deb of ', '');
  const control = `Package: ${name}\nVersion: 1.0-1\nArchitecture: amd64\nMaintainer: x <x@example.org>\nDescription: x\n`;
  const file = (path: string, text: string, mtime: number) =>
    ({ path, kind: 'file', mode: 0o644, uid: 0, gid: 0, mtime, content: Buffer.from(text) }) as const;
  return Promise.resolve(
    readDeb(
      { control: writeTar([file('control', control, 0)]), data: writeTar([file(`usr/share/${name}`, name, 1234)]) },
      { archive: name },
    ),
  );
};

function available(name: string, sha256 = digestOf(bytesOf(name)).slice(7)): AvailablePackage {
  return {
    name,
    version: '1.0-1',
    architecture: 'amd64',
    multiArch: null,
    source: { name: `${name}-source`, version: '1.0-1' },
    essential: false,
    priority: 'optional',
    dependencies: [],
    conflicts: [],
    provides: [],
    replaces: [],
    suite: 'bookworm-security',
    file: { path: `pool/${name}.deb`, sizeBytes: 1, sha256 },
  };
}

async function imported(wanted: readonly AvailablePackage[], there: readonly string[]) {
  const blobs = memoryBlobs();
  const step = {
    kind: 'import-packages',
    line: line({ format: 'deb' }),
    packages: wanted.map((each) => ({ architecture: 'amd64', package: each })),
    key: 'import-packages web:1',
    reason: 'needed',
    closes: [],
    due: null,
  } satisfies Step;
  const done = await importPackages(step, {
    clock: { now: () => now },
    blobs,
    layerCache: memoryCache(10),
    openDeb,
    suites: {
      releaseOf: () => '12',
      fetchPackages: (asked) =>
        Promise.resolve({
          files: new Map(
            asked
              .filter(({ package: { name } }) => there.includes(name))
              .map(({ package: { name, file } }) => [file.sha256, () => Promise.resolve(bytesOf(name))] as const),
          ),
          absent: new Map(
            asked
              .filter(({ package: { name } }) => !there.includes(name))
              .map(({ package: { file } }) => [file.sha256, 'HTTP 404'] as const),
          ),
        }),
    },
  });
  return { ...done, blobs };
}

test('importPackages() keeps the bytes and states where they came from, dated by the newest file inside', async () => {
  const { facts, result, blobs } = await imported([available('web')], ['web']);
  const [fact] = facts;
  assert.ok(fact?.type === 'package-imported');
  const { digest, suite, release, source, sourceEpoch } = fact.payload;
  assert.deepEqual(
    { suite, release, source, sourceEpoch },
    {
      suite: 'bookworm-security',
      release: '12',
      source: { name: 'web-source', version: '1.0-1' },
      sourceEpoch: 1234,
    },
  );
  assert.deepEqual(await blobs.get(digest), bytesOf('web'));
  assert.deepEqual(result['absent'], []);
});

test('importPackages() takes what is there and says what no mirror has', async () => {
  const { facts, result } = await imported([available('web'), available('gone')], ['web']);
  assert.equal(facts.length, 1);
  assert.deepEqual(result['absent'], [available('gone').file.sha256]);
  assert.deepEqual(result['why'], ['gone 1.0-1: HTTP 404']);
});

test('importPackages() refuses bytes that are not what the index says', async () => {
  await assert.rejects(
    imported([available('web', 'f'.repeat(64))], ['web']),
    (error: unknown) => error instanceof Failure && error.code === 'E0301',
  );
});
