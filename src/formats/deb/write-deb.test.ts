import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { lstatSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import type { TestContext } from 'node:test';
import { toolPath } from '../../../test/support/tool.ts';
import { parseEmbeddedFacts } from '../apk/embedded-facts.ts';
import { gunzip } from '../gzip/gunzip.ts';
import { debMembers } from './deb-members.ts';
import { readDeb } from './read-deb.ts';
import { writeDeb } from './write-deb.ts';
import type { Component } from '../../core/match/inventory.ts';
import type { TarEntry } from '../tar/entry.ts';
import type { DebInput } from './write-deb.ts';

const component: Component = {
  purl: 'pkg:generic/hello@2.6.4',
  version: '2.6.4',
  scheme: 'semver',
  upstream: 'pkg:generic/hello',
  stream: '2.6',
  edge: 'is',
  package: 'hello',
  patched: ['CVE-2026-1'],
};

const input: DebInput = {
  name: 'hello',
  version: '2.6.4-1suture1',
  architecture: 'amd64',
  source: { name: 'hello-src', version: '1:2.6.4-1' },
  description: 'Says hello',
  homepage: 'https://hello.example',
  license: 'MIT',
  builtAt: 1_700_000_000,
  dependencies: ['libc6 (>= 2.36)', 'a0 | b0'],
  provides: ['hi (= 2)'],
  conflicts: ['hi'],
  replaces: ['hi (<< 3)'],
  multiArch: 'same',
  components: [component],
};

const plain = { uid: 1000, gid: 1000, mtime: 5, mode: 0o644 };
const deep = `usr/share/${'deep/'.repeat(30)}grüße`;
const files: readonly TarEntry[] = [
  { ...plain, path: 'usr/bin/hello', kind: 'file', mode: 0o755, content: Buffer.from('#!/bin/sh\necho hello\n') },
  { ...plain, path: 'usr/bin/hi', kind: 'symlink', linkTarget: 'hello' },
  { ...plain, path: 'usr/bin/hullo', kind: 'hardlink', linkTarget: 'usr/bin/hello' },
  { ...plain, path: 'usr/bin/far', kind: 'symlink', linkTarget: `/${deep}` },
  { ...plain, path: 'etc/hello.conf', kind: 'file', mode: 0o600, content: Buffer.from('greeting = hello\n') },
  { ...plain, path: deep, kind: 'file', content: Buffer.from('x') },
];
const library: TarEntry = { ...plain, path: 'usr/lib/x86_64-linux-gnu/libhello.so.1', kind: 'file' };

function opened(bytes: Uint8Array) {
  const { control, data } = debMembers(bytes, 'x.deb');
  const unpacked = (member: { readonly name: string; readonly bytes: Uint8Array }) =>
    gunzip(member.bytes, { what: member.name, outputBytesMax: 2 ** 24 });
  return readDeb({ control: unpacked(control), data: unpacked(data) }, { archive: 'x.deb' });
}

function inFolder(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'suture-deb-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

test('writeDeb() gives the same bytes for the same package, whatever the order, owners and times of its files', () => {
  const others = files.toReversed().map((file) => ({ ...file, uid: 0, mtime: 99 }));
  assert.deepEqual(
    writeDeb({ ...input, dependencies: input.dependencies.toReversed() }, others),
    writeDeb(input, files),
  );
});

test('writeDeb() writes what readDeb() reads, with checksums, configuration files and the facts inside', () => {
  const deb = opened(writeDeb(input, files));
  assert.deepEqual(deb.info.source, input.source);
  assert.deepEqual(deb.conffiles, ['/etc/hello.conf']);
  assert.equal(deb.triggers, '');
  const sum = createHash('md5').update('#!/bin/sh\necho hello\n').digest('hex');
  assert.ok(
    deb.md5sums.includes(`${sum}  usr/bin/hello\n${sum}  usr/bin/hullo\n`),
    'a hard link has the sum of its file',
  );
  assert.deepEqual(
    deb.files.filter(({ kind }) => kind !== 'directory').map(({ path, mode, uid }) => [path, mode, uid]),
    [
      ['etc/hello.conf', 0o600, 0],
      ['usr/bin/far', 0o777, 0],
      ['usr/bin/hello', 0o755, 0],
      ['usr/bin/hi', 0o777, 0],
      ['usr/bin/hullo', 0o755, 0],
      [deep, 0o644, 0],
      ['var/lib/db/sbom/hello-2.6.4-1suture1.spdx.json', 0o644, 0],
    ],
  );
  const document = deb.files.at(-1)?.content ?? new Uint8Array(0);
  assert.deepEqual(parseEmbeddedFacts(document, 'hello', 'x'), [component]);
});

test('writeDeb() has the loader made aware of shared libraries, and of nothing else', () => {
  assert.equal(opened(writeDeb(input, [...files, library])).triggers, 'activate-noawait ldconfig\n');
  const plugin = { ...library, path: 'usr/lib/hello/libplugin.so.1' };
  assert.equal(opened(writeDeb(input, [...files, plugin])).triggers, '');
});

test('writeDeb() names a source only where it is another one, with its version only where that differs', () => {
  const source = (name: string, version: string) =>
    /^Source: (.*)$/m.exec(opened(writeDeb({ ...input, source: { name, version } }, [])).stanza)?.[1];
  assert.equal(source('hello', input.version), undefined);
  assert.equal(source('other', input.version), 'other');
  assert.equal(source('hello', '1'), 'hello (1)');
});

test('writeDeb() writes a control file that dpkg-deb reads field by field', (t) => {
  const tool = toolPath(t, 'dpkg-deb');
  if (tool === undefined) return;
  const path = join(inFolder(t), 'hello.deb');
  writeFileSync(path, writeDeb(input, [...files, library]));
  assert.equal(
    execFileSync(tool, ['--field', path], { encoding: 'utf8' }),
    `Package: hello
Source: hello-src (1:2.6.4-1)
Version: 2.6.4-1suture1
Architecture: amd64
Maintainer: Suture <suture@localhost>
Installed-Size: ${/^Installed-Size: (\d+)$/m.exec(opened(writeDeb(input, [...files, library])).stanza)?.[1]}
Depends: a0 | b0, libc6 (>= 2.36)
Conflicts: hi
Replaces: hi (<< 3)
Provides: hi (= 2)
Section: misc
Priority: optional
Multi-Arch: same
Homepage: https://hello.example
Description: Says hello
`,
  );
  const info = execFileSync(tool, ['--info', path], { encoding: 'utf8' });
  for (const name of ['conffiles', 'control', 'md5sums', 'triggers']) assert.match(info, new RegExp(` ${name} `));
  const listed = execFileSync(tool, ['--contents', path], {
    encoding: 'utf8',
    env: { ...process.env, LC_ALL: 'C.UTF-8' },
  });
  assert.match(listed, /^drwxr-xr-x root\/root +0 .* \.\/\n/);
  assert.match(listed, /hullo link to \.\/usr\/bin\/hello\n/);
  assert.ok(listed.includes(` ./${deep}\n`));
});

test('writeDeb() writes a package that dpkg itself unpacks: long names, links, modes, checksums', (t) => {
  const tool = toolPath(t, 'dpkg');
  if (tool === undefined) return;
  const folder = inFolder(t);
  const root = join(folder, 'root');
  for (const name of ['info', 'updates', 'triggers']) mkdirSync(join(root, 'var/lib/dpkg', name), { recursive: true });
  for (const name of ['status', 'available']) writeFileSync(join(root, 'var/lib/dpkg', name), '');
  writeFileSync(join(folder, 'hello.deb'), writeDeb({ ...input, architecture: 'amd64' }, files));
  const options = [`--root=${root}`, '--force-not-root', '--force-depends', '--force-architecture', '--log=/dev/null'];
  execFileSync(tool, [...options, '--unpack', join(folder, 'hello.deb')], { stdio: 'pipe' });
  assert.equal(readFileSync(join(root, deep), 'utf8'), 'x');
  assert.equal(readFileSync(join(root, 'usr/bin/hullo'), 'utf8'), '#!/bin/sh\necho hello\n');
  assert.equal(lstatSync(join(root, 'usr/bin/hello')).mode & 0o7777, 0o755);
  assert.equal(lstatSync(join(root, 'usr/bin/far')).isSymbolicLink(), true);
  assert.equal(
    execFileSync(tool, [...options, '--verify', 'hello'], { encoding: 'utf8' }).replace(/^.*hello\.conf\n/m, ''),
    '',
  );
});

for (const [what, change] of [
  ['a name that climbs', { name: '../hello' }],
  ['a version with a line break', { version: '1\nEssential: yes' }],
  ['a source that is none', { source: { name: 'a b', version: '1' } }],
  ['a description that brings a field', { description: 'x\nEssential: yes' }],
  ['a homepage that brings a field', { homepage: 'x\nEssential: yes' }],
  ['a license with a control character', { license: 'x\0' }],
  ['a dependency that brings a field', { dependencies: ['libc6\nEssential: yes'] }],
  ['a dependency over two lines', { dependencies: ['libc6\n(>= 1)'] }],
  ['two dependencies in one', { dependencies: ['libc6, libc7'] }],
  ['an empty dependency', { dependencies: [''] }],
  ['a provided range', { provides: ['a0 (>= 1)'] }],
  ['alternatives in conflicts', { conflicts: ['a0 | b0'] }],
  ['a time that is none', { builtAt: -1 }],
] as readonly (readonly [string, Partial<DebInput>])[]) {
  test(`writeDeb() refuses: ${what}`, () => {
    assert.throws(() => writeDeb({ ...input, ...change }, files), { code: 'E0101' });
  });
}

test('writeDeb() refuses files that a deb cannot hold', () => {
  const capable: TarEntry = { ...plain, path: 'x', kind: 'file', pax: { 'SCHILY.xattr.security.capability': 'x' } };
  for (const file of [
    capable,
    { ...plain, path: 'a\nb', kind: 'file' },
    { ...plain, path: '../x', kind: 'file' },
  ] as const) {
    assert.throws(() => writeDeb(input, [file]), { code: 'E0404' });
  }
});
