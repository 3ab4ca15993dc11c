import assert from 'node:assert/strict';
import { test } from 'node:test';
import { rpmDatabase, rpmHeader, rpmPackage } from '../../../test/support/rpm-database.ts';
import { parseRpmDatabase } from './installed-database.ts';

const parse = (...headers: readonly Uint8Array[]) => parseRpmDatabase(rpmDatabase(headers), 'rpmdb.sqlite');

test('parseRpmDatabase() reads name, epoch, version, source and files of each package', () => {
  const openssl = rpmPackage('openssl-libs', '3.0.7-27.el9', {
    1003: [1],
    1044: 'openssl-3.0.7-27.el9.src.rpm',
    1116: [0, 1],
    1117: ['libssl.so.3', 'LICENSE'],
    1118: ['/usr/lib64/', '/usr/share/licenses/openssl/'],
  });
  const key = rpmHeader({ 1000: 'gpg-pubkey', 1001: 'abc', 1002: '1' });
  assert.deepEqual(parse(openssl, key), [
    {
      name: 'openssl-libs',
      epoch: 1,
      version: '3.0.7-27.el9',
      architecture: 'x86_64',
      license: 'MIT',
      source: 'openssl-3.0.7-27.el9.src.rpm',
      files: ['usr/lib64/libssl.so.3', 'usr/share/licenses/openssl/LICENSE'],
    },
    { name: 'gpg-pubkey', epoch: null, version: 'abc-1', architecture: '', license: '', source: null, files: [] },
  ]);
});

test('parseRpmDatabase() takes what was changed at installation, which comes later under the same tag', () => {
  const before = rpmPackage('a', '1-1');
  const [entry, count] = [Buffer.alloc(16), before.readUInt32BE(0)];
  // The name once more, as the text of its version.
  before.copy(entry, 0, 24, 40);
  entry.writeUInt32BE(1000);
  const header = Buffer.concat([before.subarray(0, 8 + count * 16), entry, before.subarray(8 + count * 16)]);
  header.writeUInt32BE(count + 1);
  assert.equal(parse(header)[0]?.name, '1');
});

test('parseRpmDatabase() is all or nothing: one package that cannot be read refuses the database', () => {
  const right = rpmPackage('a', '1-1');
  const types = Buffer.from(right);
  types.writeUInt32BE(4, 12);
  const far = Buffer.from(right);
  far.writeUInt32BE(100_000, 16);
  const endless = Buffer.from(right);
  endless[endless.length - 1] = 0x41;
  const sizes = Buffer.from(right);
  sizes.writeUInt32BE(2 ** 31, 4);
  for (const wrong of [
    types,
    far,
    endless,
    sizes,
    rpmPackage('a b', '1-1'),
    rpmPackage('a', '1 -1'),
    Buffer.alloc(4),
  ]) {
    assert.throws(() => parse(right, wrong), { code: 'E0404' });
  }
});

test('parseRpmDatabase() leaves out paths longer than any system takes', () => {
  const paths = { 1116: [0, 0, 7], 1117: ['a', 'b'.repeat(4096), 'c'], 1118: ['/'] };
  assert.deepEqual(parse(rpmPackage('a', '1-1', paths))[0]?.files, ['a']);
});
