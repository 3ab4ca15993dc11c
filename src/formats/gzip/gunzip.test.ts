import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { test } from 'node:test';
import { Failure } from '../../core/failure.ts';
import { gunzip, gunzipMembers } from './gunzip.ts';
import { gzip } from './gzip.ts';

const bounds = { what: 'x.gz', outputBytesMax: 1_000_000 };

test('gzip() writes the same member every time, without name, time or machine, and the gzip command reads it', () => {
  const member = gzip(Buffer.from('hello'));
  assert.deepEqual(gzip(Buffer.from('hello')), member);
  assert.deepEqual([...member.subarray(0, 10)], [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, member[8], 3]);
  assert.equal(execFileSync('gzip', ['-dc'], { input: member, encoding: 'utf8' }), 'hello');
});

test('gunzip() reads what the gzip command writes, names and several members too', () => {
  const named = execFileSync('gzip', ['-c', import.meta.filename]);
  assert.match(Buffer.from(gunzip(named, bounds)).toString(), /^import assert/);
  assert.equal(
    Buffer.from(gunzip(Buffer.concat([gzip(Buffer.from('a')), gzip(Buffer.from('b'))]), bounds)).toString(),
    'ab',
  );
});

test('gunzipMembers() keeps each member with its own bytes', () => {
  const members = [gzip(Buffer.from('one')), gzip(Buffer.alloc(0)), gzip(Buffer.from('three'))];
  const read = gunzipMembers(Buffer.concat(members), bounds);
  assert.deepEqual(
    read.map((one) => Buffer.from(one.compressed)),
    members.map((one) => Buffer.from(one)),
  );
  assert.deepEqual(
    read.map((one) => Buffer.from(one.content).toString()),
    ['one', '', 'three'],
  );
});

test('gunzip() stops a bomb at its bound: one byte over in one member, or in sum', () => {
  const half = gzip(Buffer.alloc(500_000));
  assert.equal(gunzip(Buffer.concat([half, half]), bounds).length, 1_000_000);
  const over = gzip(Buffer.alloc(1_000_001));
  assert.throws(() => gunzip(over, bounds), { code: 'E0205' });
  assert.throws(() => gunzip(Buffer.concat([half, half, gzip(Buffer.from('!'))]), bounds), { code: 'E0205' });
  // 100 MB in 100 kB, unpacked at most up to the bound.
  assert.throws(() => gunzip(gzip(Buffer.alloc(100_000_000), 1), bounds), { code: 'E0205' });
});

test('gunzip() refuses damage wherever it is', () => {
  const good = gzip(Buffer.from('some text, some text, some more text'));
  const cases: readonly (readonly [string, Uint8Array])[] = [
    ['nothing', new Uint8Array(0)],
    ['no gzip', Buffer.from('this is certainly not gzip at all')],
    ['a cut', good.subarray(0, good.length - 3)],
    ['a cut in the data', good.subarray(0, 20)],
    ['rubbish behind', Buffer.concat([good, Buffer.from('rubbish that goes on and on')])],
    ['zeros behind', Buffer.concat([good, Buffer.alloc(30)])],
    ['a wrong checksum', changed(good, good.length - 8)],
    ['a wrong length', changed(good, good.length - 4)],
    ['reserved flags', changed(good, 3, 0x80)],
    ['an endless name', changed(good.subarray(0, 19), 3, 8)],
    ['damaged data', changed(good, 12)],
  ];
  for (const [what, bytes] of cases) assert.throws(() => gunzip(bytes, bounds), { code: 'E0404' }, what);
});

test('gunzip() bounds the number of members', () => {
  const many = Buffer.concat(Array.from({ length: 4 }, () => gzip(Buffer.alloc(0))));
  assert.throws(() => gunzip(many, { ...bounds, membersMax: 3 }), { code: 'E0404' });
});

test('gunzip() answers or refuses whatever becomes of a file', () => {
  const good = gzip(Buffer.from('x'.repeat(300) + 'some text'));
  for (let i = 0; i < good.length * 4; i += 1) {
    try {
      gunzip(changed(good, i % good.length, (i * 37) % 256), bounds);
    } catch (error) {
      assert.ok(error instanceof Failure, String(error));
    }
  }
});

function changed(bytes: Uint8Array, at: number, value = (bytes[at] ?? 0) ^ 0x55): Uint8Array {
  const copy = Buffer.from(bytes);
  copy[at] = value;
  return copy;
}
