import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readTroubles, readWarnings } from './apt-trouble.ts';
import type { AptTrouble } from './apt-trouble.ts';

const at = 'http://mirror.example/debian';

const cases: readonly (readonly [
  situation: string,
  stdout: string,
  stderr: string,
  AptTrouble['kind'] | null,
  about: string,
])[] = [
  [
    'progress, no such file',
    `Err:1 ${at}/x.deb\n  404  Not Found [IP: 192.0.2.1 80]\n`,
    'E: Download Failed\n',
    'absent',
    `${at}/x.deb`,
  ],
  [
    'no such suite',
    '',
    `E: The repository '${at} nosuch Release' does not have a Release file.\n`,
    'absent',
    `The repository '${at} nosuch Release' does not have a Release file.`,
  ],
  [
    'no connection',
    `Err:1 ${at} sid InRelease\n  Could not connect to mirror.example:80\n`,
    '',
    'unreachable',
    `${at} sid InRelease`,
  ],
  ['a mirror that is ill', '', `E: Failed to fetch ${at}/x  503  Service Unavailable\n`, 'unreachable', `${at}/x`],
  [
    'other bytes',
    '',
    `E: Failed to fetch ${at}/x  Hash Sum mismatch\n   Hashes of expected file:\n    - SHA256:00\n`,
    'mismatch',
    `${at}/x`,
  ],
  [
    'no key',
    '',
    `W: GPG error: ${at} sid InRelease: The following signatures couldn't be verified because the public key is not available: NO_PUBKEY 00\n`,
    'unsigned',
    `GPG error: ${at} sid InRelease: The following signatures couldn't be verified because the public key is not available: NO_PUBKEY 00`,
  ],
  [
    'no key, as apt 3 says it',
    '',
    `W: OpenPGP signature verification failed: ${at} sid InRelease: Missing key 00\n`,
    'unsigned',
    `OpenPGP signature verification failed: ${at} sid InRelease: Missing key 00`,
  ],
  [
    'a page of somebody in between',
    '',
    `E: Failed to fetch ${at}/InRelease  Clearsigned file isn't valid, got 'NOSPLIT' (does the network require authentication?)\n`,
    'unsigned',
    `${at}/InRelease`,
  ],
  ['advice and warnings', 'Hit:1 x\n', 'N: Missing Signed-By\nW: Target is configured twice\n', null, ''],
];

for (const [situation, stdout, stderr, kind, about] of cases) {
  test(`readTroubles() reads: ${situation}`, () => {
    const [found] = readTroubles({ stdout, stderr });
    assert.deepEqual(found === undefined ? [null, ''] : [found.kind, found.about], [kind, about]);
    assert.ok(!(found?.words ?? '').includes('\n'));
  });
}

test('readTroubles() repeats no password of an address', () => {
  const stdout =
    'Err:1 http://me:secret@mirror.example/debian/pool/f.deb\n  Could not connect to me:secret@mirror.example\n';
  const stderr = 'E: Failed to fetch https://me:se:cret@mirror.example/f.deb  404  Not Found\n';
  assert.deepEqual(
    readTroubles({ stdout, stderr }).map(({ about }) => about),
    ['http://mirror.example/debian/pool/f.deb', 'https://mirror.example/f.deb'],
  );
});

test('readWarnings() reads warnings alone, one line of each', () => {
  assert.deepEqual(readWarnings('N: advice\nW: one\n   more of it\nE: trouble\nW: two\n'), ['one', 'two']);
});
