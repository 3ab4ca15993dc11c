import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ndbDatabase } from '../../../test/support/rpm-database.ts';
import { beginsAsNdb, ndbBlobs } from './ndb-blobs.ts';

const blobs = (file: Uint8Array) => [...ndbBlobs(file, 'Packages.db')].map((blob) => Buffer.from(blob).toString());
const right = ndbDatabase([Buffer.from('one'), Buffer.from('the second'), Buffer.from('x'.repeat(5000))]);

test('ndbBlobs() reads each package in the order of their numbers, and none of a free slot', () => {
  assert.deepEqual(blobs(right), ['one', 'the second', 'x'.repeat(5000)]);
  assert.deepEqual(blobs(ndbDatabase([])), []);
  const swapped = Buffer.from(right);
  right.copy(swapped, 32, 48, 64);
  right.copy(swapped, 48, 32, 48);
  assert.deepEqual(blobs(swapped).slice(0, 2), ['one', 'the second']);
  assert.equal(beginsAsNdb(Buffer.from('SQLite format 3\0')), false);
});

test('ndbBlobs() refuses what is cut off, of another version, or has two packages in one place', () => {
  const wrong = (change: (bytes: Buffer) => void): Buffer => {
    const bytes = Buffer.from(right);
    change(bytes);
    return bytes;
  };
  const files = [
    right.subarray(0, 100),
    right.subarray(0, 6000),
    wrong((bytes) => bytes.writeUInt32LE(1, 4)),
    wrong((bytes) => bytes.writeUInt32LE(2 ** 31, 12)),
    wrong((bytes) => bytes.write('none', 64)),
    wrong((bytes) => bytes.copy(bytes, 48, 32, 48)),
    wrong((bytes) => bytes.writeUInt32LE(2 ** 32 - 1, 40)),
    wrong((bytes) => bytes.writeUInt32LE(2 ** 32 - 1, 4096 + 12)),
  ];
  for (const [index, file] of files.entries()) assert.throws(() => blobs(file), { code: 'E0404' }, `file ${index}`);
});
