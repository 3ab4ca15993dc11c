import assert from 'node:assert/strict';
import { test } from 'node:test';
import { installedRecord, parseInstalledDatabase } from './installed-database.ts';
import { packageTree } from './package-tree.ts';
import type { PackageInfo } from './package-info.ts';

const info: PackageInfo = {
  name: 'hello',
  version: '1.0.1-r0',
  architecture: 'x86_64',
  installedSizeBytes: 6,
  origin: 'hello-source',
  description: 'Says hello',
  url: 'https://hello.example',
  commit: 'abc',
  maintainer: '',
  builtAt: 1_700_000_000,
  license: 'MIT',
  dependencies: ['so:libc.so.6', 'busybox'],
  provides: ['cmd:hello=1.0.1-r0'],
  replaces: [],
  providerPriority: 0,
  dataHash: '00',
};

const plain = { uid: 0, gid: 0, mtime: 0, mode: 0o644 };
const entries = packageTree(
  [
    { ...plain, path: 'usr/bin/hello', kind: 'file', mode: 0o4755, content: Buffer.from('hello\n') },
    { ...plain, path: 'usr/bin/hi', kind: 'symlink', linkTarget: 'hello' },
    { ...plain, path: 'var/tmp', kind: 'directory', mode: 0o1777 },
    { ...plain, path: 'top', kind: 'file' },
  ],
  0,
);
const record = installedRecord(info, { identity: 'Q1AAAA=', sizeBytes: 1234, entries });

test('installedRecord() is the record as package managers write it', () => {
  assert.equal(
    record,
    `P:hello
V:1.0.1-r0
A:x86_64
L:MIT
T:Says hello
o:hello-source
U:https://hello.example
D:so:libc.so.6 busybox
p:cmd:hello=1.0.1-r0
c:abc
t:1700000000
S:1234
I:6
C:Q1AAAA=
F:
R:top
Z:Q12jmj7l5rSw0yVb/vlWAYkK/YBwk=
F:usr
F:usr/bin
R:hello
a:0:0:4755
Z:Q19XLTlvrpIGYocU+yzgD3LpTyJY8=
R:hi
a:0:0:777
Z:Q1qvTGHdzF6KLavt4PO0gs2a6pQ00=
F:var
F:var/tmp
M:0:0:1777

`,
  );
});

test('parseInstalledDatabase() reads records back, one after the other', () => {
  const [first, second, ...others] = parseInstalledDatabase(
    Buffer.from(record + record.replace('P:hello', 'P:bye')),
    'installed',
  );
  assert.equal(others.length, 0);
  assert.equal(second?.name, 'bye');
  assert.ok(first !== undefined);
  const { files, ...rest } = first;
  assert.deepEqual(rest, {
    name: 'hello',
    version: '1.0.1-r0',
    architecture: 'x86_64',
    origin: 'hello-source',
    license: 'MIT',
    description: 'Says hello',
    url: 'https://hello.example',
    commit: 'abc',
    dependencies: ['so:libc.so.6', 'busybox'],
    provides: ['cmd:hello=1.0.1-r0'],
    replaces: [],
    builtAt: 1_700_000_000,
    fileSizeBytes: 1234,
    installedSizeBytes: 6,
    identity: 'Q1AAAA=',
  });
  assert.deepEqual(
    files.map((file) => [file.path, file.mode.toString(8), file.checksum]),
    [
      ['top', '644', 'Q12jmj7l5rSw0yVb/vlWAYkK/YBwk='],
      ['usr', '755', null],
      ['usr/bin', '755', null],
      ['usr/bin/hello', '4755', 'Q19XLTlvrpIGYocU+yzgD3LpTyJY8='],
      ['usr/bin/hi', '777', 'Q1qvTGHdzF6KLavt4PO0gs2a6pQ00='],
      ['var', '755', null],
      ['var/tmp', '1777', null],
    ],
  );
});

test('parseInstalledDatabase() reads other writers: any order, four digits, no blank line at the end, fields unknown', () => {
  const [one] = parseInstalledDatabase(
    Buffer.from('C:Q1x=\nV:1-r0\nP:a\nF:x\nM:0:0:0700\nR:y\na:1:2:0600\nx:new\nk:0'),
    'installed',
  );
  assert.equal(one?.origin, 'a');
  assert.deepEqual(
    one?.files.map((file) => [file.path, file.uid, file.mode]),
    [
      ['x', 0, 0o700],
      ['x/y', 1, 0o600],
    ],
  );
});

test('parseInstalledDatabase() refuses damage instead of dropping a package', () => {
  const bad = [
    'V:1\n\n',
    'P:a\n\n',
    'P:\nV:1\n\n',
    'P:a\nP:b\nV:1\n\n',
    'rubbish\n\n',
    'P:a\nV:1\nS:x\n\n',
    'P:a\nV:1\nZ:Q1\n\n',
    'P:a\nV:1\nF:x\na:0:0:755\n\n',
    'P:a\nV:1\nF:x\nM:root\n\n',
  ];
  for (const text of bad)
    assert.throws(() => parseInstalledDatabase(Buffer.from(text), 'installed'), { code: 'E0404' }, text);
  assert.deepEqual(parseInstalledDatabase(new Uint8Array(0), 'installed'), []);
});
