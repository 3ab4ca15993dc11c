import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { test } from 'node:test';
import { rpmDatabase } from '../../../test/support/rpm-database.ts';
import { sqliteBlobs } from './sqlite-blobs.ts';

const blobs = (file: Uint8Array, table = 'Packages') => [...sqliteBlobs(file, table, 'rpmdb.sqlite')];
const sizes = [1, 400, 470, 480, 1000, 4000, 4050, 4061, 4062, 5000, 70_000, 1_000_000];

for (const pageBytes of [512, 4096, 65_536]) {
  test(`sqliteBlobs() reads back what SQLite wrote in pages of ${pageBytes} bytes, of any size`, () => {
    const written = [...sizes, ...Array.from({ length: 300 }, (_, index) => index * 7 + 1)].map((size) =>
      randomBytes(size),
    );
    const read = blobs(rpmDatabase(written, pageBytes));
    assert.equal(read.length, written.length);
    assert.ok(read.every((blob, index) => Buffer.from(blob).equals(written[index] ?? Buffer.alloc(0))));
  });
}

test('sqliteBlobs() of an empty table, and of one that is not there', () => {
  assert.deepEqual([blobs(rpmDatabase([])), blobs(rpmDatabase([Buffer.from('x')]), 'Other')], [[], []]);
});

test('sqliteBlobs() refuses what is no SQLite file, is cut off, or leads back to itself', () => {
  const right = rpmDatabase([randomBytes(20_000)], 512);
  const cut = [right.subarray(0, 512), right.subarray(0, right.length - 512)];
  for (const file of [Buffer.alloc(0), Buffer.alloc(4096), ...cut]) {
    assert.throws(() => blobs(file), { code: 'E0404' });
  }
  // Every page of the row's chain begins with the number of the next: all of them lead to the same.
  const looping = Buffer.from(right);
  for (let page = right.length / 512 - 30; page < right.length / 512; page += 1)
    looping.writeUInt32BE(page, page * 512);
  assert.throws(() => blobs(looping), { code: 'E0404' });
});
