import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import type { Digest } from '../../src/core/digest.ts';
import { Failure } from '../../src/core/failure.ts';
import { folderBlobs } from '../../src/io/blobs/folder-blobs.ts';
import { blobContract } from './blobs.contract.ts';
import { lines, start } from './processes.ts';

blobContract('a folder', (t) => folderBlobs(join(freshFolder(t), 'blobs')));

const child = join(import.meta.dirname, 'put-child.ts');

test('get() of a file whose bytes were changed: a failure that names the file', async (t) => {
  const folder = freshFolder(t);
  const blobs = folderBlobs(folder);
  const digest = await blobs.put(Buffer.from('hello'));
  const path = join(folder, 'sha256', digest.slice(7, 9), digest.slice(7));
  assert.equal(readFileSync(path, 'utf8'), 'hello');
  writeFileSync(path, 'hellO');
  await assert.rejects(blobs.get(digest), (error) => {
    assert.ok(error instanceof Failure && error.code === 'E0301');
    assert.equal(error.detail.at, path);
    return true;
  });
});

test('put() in a process that is killed: every acknowledged blob is whole, and its successor is not disturbed', async (t) => {
  const folder = freshFolder(t);
  const started = start(child, [folder, '100000', '50000']);
  await lines(started, 20);
  started.child.kill('SIGKILL');
  await started.exit;
  const printed = await started.printed;
  const digests = printed.slice(0, printed.lastIndexOf('\n')).split('\n');
  assert.ok(digests.length >= 20);
  const again = start(child, [folder, '30', '50000']);
  assert.equal(await again.exit, 0, await again.complaints);
  const blobs = folderBlobs(folder);
  for (const digest of digests) assert.notEqual(await blobs.get(digest as Digest), undefined);
});

test('put() that the disk has no room for: a failure with what was kept, and no partial file', (t) => {
  const folder = freshFolder(t);
  // A limit on file sizes stands for the full disk: 8 blocks of at most 1,024 bytes, less than one blob of 50,000.
  const command = `trap '' XFSZ; ulimit -f 8; exec "$0" "$@"`;
  const node = [process.execPath, '--disable-warning=ExperimentalWarning', child, folder, '1', '50000'];
  const { stderr, status } = spawnSync('sh', ['-c', command, ...node], { encoding: 'utf8' });
  assert.equal(status, 1);
  assert.match(stderr, /E0803 The blob store cannot be used/);
  assert.match(stderr, /kept: every blob that was there before/);
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  assert.deepEqual(files, []);
});

function freshFolder(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'suture-blobs-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}
