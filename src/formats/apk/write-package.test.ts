import assert from 'node:assert/strict';
import { createHash, generateKeyPairSync, sign, verify } from 'node:crypto';
import { execFileSync } from 'node:child_process';
import { test } from 'node:test';
import { gunzipMembers } from '../gzip/gunzip.ts';
import { gzip } from '../gzip/gzip.ts';
import { writeTar } from '../tar/write-tar.ts';
import { readPackage } from './read-package.ts';
import { writePackage } from './write-package.ts';
import type { Component } from '../../core/match/inventory.ts';
import type { TarEntry } from '../tar/entry.ts';
import type { PackageInput } from './write-package.ts';

const component: Component = {
  purl: 'pkg:generic/hello@1.0.1',
  version: '1.0.1',
  scheme: 'semver',
  upstream: 'pkg:generic/hello',
  stream: '1.0',
  edge: 'is',
  package: 'hello',
  patched: ['CVE-2026-1', 'CVE-2026-2'],
};

const input: PackageInput = {
  name: 'hello',
  version: '1.0.1-r2',
  architecture: 'arm64',
  origin: 'hello',
  description: 'Says hello',
  license: 'Apache-2.0 AND MIT',
  url: 'https://hello.example',
  commit: '0123456789abcdef0123456789abcdef01234567',
  builddate: 1_700_000_000,
  dependencies: ['so:libc.so.6', 'busybox>=1.36'],
  provides: ['cmd:hello=1.0.1-r2'],
  components: [component],
};

const plain = { uid: 1000, gid: 1000, mtime: 5, mode: 0o644 };
const files: readonly TarEntry[] = [
  { ...plain, path: 'usr/bin/hello', kind: 'file', mode: 0o755, content: Buffer.from('#!/bin/sh\necho hello\n') },
  { ...plain, path: 'usr/bin/hi', kind: 'symlink', linkTarget: 'hello' },
  { ...plain, path: 'usr/bin/hullo', kind: 'hardlink', linkTarget: 'usr/bin/hello' },
  { ...plain, path: 'etc/hello.conf', kind: 'file', mode: 0o600, content: Buffer.from('greeting = hello\n') },
];

test('writePackage() gives the same bytes for the same package, whatever the order, owners and times of its files', () => {
  const others = files.toReversed().map((file) => ({ ...file, uid: 0, mtime: 99 }));
  assert.deepEqual(writePackage(input, others), writePackage(input, files));
});

test('writePackage() makes members that tar and gzip read as one archive, folders first, checksums of content and link text', () => {
  const bytes = writePackage(input, files);
  const listed = execFileSync('tar', ['--warning=none', '--utc', '-tvzf', '-'], { input: bytes, encoding: 'utf8' });
  assert.deepEqual(
    listed
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => line.replace(/ +/g, ' ').replace(/ \d+ (?=2023)/, ' ')),
    [
      '-rw-r--r-- root/root 2023-11-14 22:13 .PKGINFO',
      'drwxr-xr-x root/root 2023-11-14 22:13 etc/',
      '-rw------- root/root 2023-11-14 22:13 etc/hello.conf',
      'drwxr-xr-x root/root 2023-11-14 22:13 usr/',
      'drwxr-xr-x root/root 2023-11-14 22:13 usr/bin/',
      '-rwxr-xr-x root/root 2023-11-14 22:13 usr/bin/hello',
      'lrwxrwxrwx root/root 2023-11-14 22:13 usr/bin/hi -> hello',
      'hrw-r--r-- root/root 2023-11-14 22:13 usr/bin/hullo link to usr/bin/hello',
      'drwxr-xr-x root/root 2023-11-14 22:13 var/',
      'drwxr-xr-x root/root 2023-11-14 22:13 var/lib/',
      'drwxr-xr-x root/root 2023-11-14 22:13 var/lib/db/',
      'drwxr-xr-x root/root 2023-11-14 22:13 var/lib/db/sbom/',
      '-rw-r--r-- root/root 2023-11-14 22:13 var/lib/db/sbom/hello-1.0.1-r2.spdx.json',
    ],
  );
  const checksums = new Map(
    readPackage(bytes, { archive: 'x' }).files.map((file) => [file.path, file.pax?.['APK-TOOLS.checksum.SHA1']]),
  );
  const sha1 = (text: string) => createHash('sha1').update(text).digest('hex');
  assert.equal(checksums.get('usr/bin/hello'), sha1('#!/bin/sh\necho hello\n'));
  assert.equal(checksums.get('usr/bin/hi'), sha1('hello'));
  assert.equal(checksums.get('usr'), undefined);
});

test('writePackage() writes the control section in the usual order, the data hash over the compressed data', () => {
  const [control, data] = gunzipMembers(writePackage(input, files), { what: 'x', outputBytesMax: 1e6 });
  assert.ok(control !== undefined && data !== undefined);
  const text = execFileSync('tar', ['-xOf', '-', '.PKGINFO'], {
    input: Buffer.concat([control.content, Buffer.alloc(1024)]),
    encoding: 'utf8',
  });
  const size = /^size = (\d+)$/m.exec(text)?.[1];
  assert.equal(
    text,
    `pkgname = hello
pkgver = 1.0.1-r2
arch = aarch64
size = ${size}
origin = hello
pkgdesc = Says hello
url = https://hello.example
commit = 0123456789abcdef0123456789abcdef01234567
builddate = 1700000000
license = Apache-2.0 AND MIT
depend = busybox>=1.36
depend = so:libc.so.6
provides = cmd:hello=1.0.1-r2
datahash = ${createHash('sha256').update(data.compressed).digest('hex')}
`,
  );
  // No end mark between members, one at the end: together they are a single archive.
  assert.ok(control.content.subarray(-512).some((byte) => byte !== 0) || control.content.length % 512 === 0);
  assert.ok(data.content.subarray(-1024).every((byte) => byte === 0));
});

test('readPackage() gives back what was written, components included', () => {
  const read = readPackage(writePackage(input, files), { archive: 'hello.apk' });
  assert.equal(read.info.version, '1.0.1-r2');
  assert.deepEqual(read.components, [component]);
  assert.deepEqual(read.info.dependencies, ['busybox>=1.36', 'so:libc.so.6']);
  assert.match(read.identity, /^Q1[A-Za-z0-9+/]{27}=$/);
  assert.equal(read.signature, null);
});

test('writePackage() signs the control member, and readPackage() hands over what was signed', () => {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const signer = { keyName: 'suture.rsa.pub', sign: (bytes: Uint8Array) => sign('sha256', bytes, privateKey) };
  const { signature } = readPackage(writePackage(input, files, signer), { archive: 'hello.apk' });
  assert.ok(signature !== null);
  assert.deepEqual([signature.algorithm, signature.keyName], ['RSA256', 'suture.rsa.pub']);
  assert.ok(verify('sha256', signature.signedBytes, publicKey, signature.bytes));
});

test('writePackage() refuses text that would add lines of its own', () => {
  const bad: readonly Partial<PackageInput>[] = [
    { description: 'x\ndepend = evil' },
    { url: 'x\r\n' },
    { license: 'MIT\n' },
    { origin: 'a\0b' },
    { commit: 'x\ny' },
    { name: '../x' },
    { name: 'a b' },
    { version: '1.0.1' },
    { version: 'one-r0' },
    { dependencies: ['a b'] },
    { provides: ['a\nb'] },
    { dependencies: [''] },
    { builddate: -1 },
  ];
  for (const change of bad)
    assert.throws(() => writePackage({ ...input, ...change }, files), { code: 'E0101' }, JSON.stringify(change));
});

test('writePackage() refuses trees that apk would install in part', () => {
  const bad: readonly TarEntry[][] = [
    [{ ...plain, path: '.hidden', kind: 'file' }],
    [{ ...plain, path: 'a\nF:etc', kind: 'file' }],
    [
      { ...plain, path: 'a', kind: 'file' },
      { ...plain, path: 'a', kind: 'file' },
    ],
    [
      { ...plain, path: 'a', kind: 'file' },
      { ...plain, path: 'a/b', kind: 'file' },
    ],
    [{ ...plain, path: '../a', kind: 'file' }],
    [{ ...plain, path: 'a', kind: 'hardlink', linkTarget: 'b' }],
  ];
  for (const tree of bad) assert.throws(() => writePackage(input, tree), { code: 'E0404' }, JSON.stringify(tree));
});

test('readPackage() refuses every broken link of the chain', () => {
  const bytes = writePackage(input, files);
  const [control, data] = gunzipMembers(bytes, { what: 'x', outputBytesMax: 1e6 });
  assert.ok(control !== undefined && data !== undefined);
  const entry = { ...plain, kind: 'file' as const };
  const withData = (tree: readonly TarEntry[]) => {
    const member = gzip(writeTar(tree));
    const hash = createHash('sha256').update(member).digest('hex');
    const text = `pkgname = a\npkgver = 1-r0\narch = x86_64\ndatahash = ${hash}\n`;
    return Buffer.concat([
      gzip(writeTar([{ ...entry, path: '.PKGINFO', content: Buffer.from(text) }], { end: false })),
      member,
    ]);
  };
  const cases: readonly (readonly [string, Uint8Array, string])[] = [
    ['data of another package', Buffer.concat([control.compressed, gzip(writeTar(files))]), 'E0301'],
    ['data split in two members', Buffer.concat([bytes, gzip(Buffer.alloc(0))]), 'E0404'],
    ['four members', Buffer.concat([control.compressed, bytes, gzip(Buffer.alloc(0))]), 'E0404'],
    ['data alone', data.compressed, 'E0404'],
    ['no signature in the first of three', Buffer.concat([control.compressed, bytes]), 'E0404'],
    [
      'control with an end mark',
      Buffer.concat([gzip(Buffer.concat([control.content, Buffer.alloc(1024)])), data.compressed]),
      'E0404',
    ],
    ['a file without checksum', withData([{ ...entry, path: 'a' }]), 'E0404'],
    [
      'a file with the checksum of another',
      withData([{ ...entry, path: 'a', pax: { 'APK-TOOLS.checksum.SHA1': '00' } }]),
      'E0301',
    ],
    ['a dot file at the root', withData([{ ...entry, path: '.a' }]), 'E0404'],
    ['an empty file', new Uint8Array(0), 'E0404'],
    ['a cut', bytes.subarray(0, bytes.length - 9), 'E0404'],
  ];
  for (const [what, broken, code] of cases)
    assert.throws(() => readPackage(broken, { archive: 'x.apk' }), { code }, what);
  assert.throws(() => readPackage(bytes, { archive: 'x.apk', outputBytesMax: 1000 }), { code: 'E0205' });
});

test('readPackage() refuses a .PKGINFO that says things twice, badly or not at all', () => {
  const [, data] = gunzipMembers(writePackage(input, files), { what: 'x', outputBytesMax: 1e6 });
  assert.ok(data !== undefined);
  const hash = createHash('sha256').update(data.compressed).digest('hex');
  const good = `pkgname = a\npkgver = 1-r0\narch = x86_64\ndatahash = ${hash}\n`;
  const packed = (text: string) =>
    Buffer.concat([
      gzip(writeTar([{ ...plain, path: '.PKGINFO', kind: 'file', content: Buffer.from(text) }], { end: false })),
      data.compressed,
    ]);
  assert.equal(readPackage(packed(`# a comment\n${good}unknown = x\n`), { archive: 'x' }).info.name, 'a');
  for (const bad of [
    `${good}pkgname = b\n`,
    `${good}rubbish\n`,
    `${good}size = many\n`,
    good.replace(/arch.*\n/, ''),
    good.replace(' a\n', ' a b/../c\n'),
  ]) {
    assert.throws(() => readPackage(packed(bad), { archive: 'x' }), { code: 'E0404' }, bad);
  }
});
