import assert from 'node:assert/strict';
import { test } from 'node:test';
import { writeTar } from '../tar/write-tar.ts';
import { writeAr } from './ar.ts';
import { debMembers } from './deb-members.ts';
import { readDeb } from './read-deb.ts';
import type { TarEntry } from '../tar/entry.ts';

const plain = { uid: 0, gid: 0, mtime: 5, mode: 0o644, kind: 'file' } as const;
const file = (path: string, content: string | Uint8Array): TarEntry => ({
  ...plain,
  path,
  content: Buffer.from(content),
});

const member = (name: string, text: string) => ({ name, bytes: Buffer.from(text) });
const format = member('debian-binary', '2.0\n');
const control = member('control.tar.xz', 'odd');
const data = member('data.tar', 'data');

test('debMembers() gives the two archives with their names, past members that deb(5) lets pass', () => {
  for (const members of [
    [format, control, data],
    [member('debian-binary/', '2.1\nmore\n'), member('_x', 'odd'), control, member('_y', ''), data, member('z', '1')],
  ]) {
    const read = debMembers(writeAr(members, 0), 'x.deb');
    assert.deepEqual(
      [read.control.name, String(read.control.bytes), read.data.name, String(read.data.bytes)],
      ['control.tar.xz', 'odd', 'data.tar', 'data'],
    );
  }
});

test('debMembers() bears a last member without its filling byte', () => {
  const bytes = writeAr([format, control, member('data.tar', 'odd')], 0);
  assert.equal(String(debMembers(bytes.subarray(0, -1), 'x.deb').data.bytes), 'odd');
});

const whole = writeAr([format, control, data], 0);
for (const [what, bytes, offset] of [
  ['nothing', new Uint8Array(0), 0],
  ['no ar archive', Buffer.from('PK\x03\x04'), 0],
  ['no member', whole.subarray(0, 8), 0],
  ['another first member', writeAr([control, format, data], 0), 8],
  ['another format', writeAr([member('debian-binary', '3.0\n'), control, data], 0), 8],
  ['a cut in a header', whole.subarray(0, 100), 72],
  ['a cut in a member', whole.subarray(0, whole.length - 1), 136],
  ['no data', writeAr([format, control], 0), 0],
  ['data before control', writeAr([format, data, control], 0), 72],
  ['something between that old programs may not pass over', writeAr([format, member('x', '1'), control, data], 0), 72],
  ['a second control archive', writeAr([format, control, data, control], 0), 200],
  ['a second data archive', writeAr([format, control, data, member('data.tar.gz', '')], 0), 200],
  ['a size that is no number', Buffer.from(String(whole).replace('4         `', '-4        `')), 8],
] as const) {
  test(`debMembers() refuses: ${what}`, () => {
    assert.throws(
      () => debMembers(bytes, 'x.deb'),
      (error: { code?: string; detail?: { at?: string } }) =>
        error.code === 'E0404' && error.detail?.at === `x.deb: byte ${offset}`,
    );
  });
}

const controlText = `Package: hello
Version: 1:2.0-1
Architecture: amd64
Maintainer: A <a@b.example>
Installed-Size: 12
Depends: libc6
Multi-Arch: foreign
Homepage: https://hello.example
Description: says hello
 and more
`;

function read(controlFiles: readonly TarEntry[], dataFiles: readonly TarEntry[] = []) {
  return readDeb({ control: writeTar(controlFiles), data: writeTar(dataFiles) }, { archive: 'hello.deb' });
}

test('readDeb() reads what a package says, its scripts without running them, its configuration files and its tree', () => {
  const tree: readonly TarEntry[] = [
    { ...plain, path: 'usr', kind: 'directory', mode: 0o755 },
    file('usr/x', '1'),
    { ...plain, path: 'usr/y', kind: 'symlink', mode: 0o777, linkTarget: '/etc/y' },
  ];
  const deb = read(
    [
      file('control', controlText),
      file('postinst', Buffer.from([0x23, 0xe9])),
      file('config', '#!/bin/sh\n'),
      file('conffiles', '/etc/a\nremove-on-upgrade /etc/b\n\n/etc/c d \n'),
      file('md5sums', 'sums'),
      file('triggers', 'activate-noawait ldconfig\n'),
      file('templates', 'x'),
    ],
    tree,
  );
  assert.deepEqual(deb.info, {
    name: 'hello',
    version: '1:2.0-1',
    architecture: 'amd64',
    multiArch: 'foreign',
    source: { name: 'hello', version: '1:2.0-1' },
    essential: false,
    dependencies: [[{ name: 'libc6', qualifier: null, operator: null, version: '' }]],
    conflicts: [],
    provides: [],
    replaces: [],
    maintainer: 'A <a@b.example>',
    description: 'says hello',
    homepage: 'https://hello.example',
    installedSizeBytes: 12 * 1024,
  });
  assert.equal(deb.stanza, controlText);
  assert.deepEqual(
    [...deb.scripts],
    [
      ['postinst', '#é'],
      ['config', '#!/bin/sh\n'],
    ],
  );
  assert.deepEqual(
    [deb.conffiles, deb.md5sums, deb.triggers],
    [['/etc/a', '/etc/c d'], 'sums', 'activate-noawait ldconfig\n'],
  );
  assert.deepEqual(
    deb.files.map((entry) => entry.path),
    ['usr', 'usr/x', 'usr/y'],
  );
});

for (const [what, files] of [
  ['no control file', [file('md5sums', '')]],
  ['a control file that is a link', [{ ...plain, path: 'control', kind: 'symlink', linkTarget: '/etc/passwd' }]],
  ['a control file that is not UTF-8', [file('control', Buffer.from([...Buffer.from(controlText), 0xff]))]],
  ['two stanzas', [file('control', `${controlText}\n${controlText}`)]],
  ['a name that climbs', [file('control', controlText.replace('hello', '../hello'))]],
  ['a version that climbs', [file('control', controlText.replace('1:2.0-1', '1:2/../../x'))]],
  ['a size that is no number', [file('control', controlText.replace('12', '12 kB'))]],
  ['a relative conffile', [file('control', controlText), file('conffiles', 'etc/x\n')]],
] as readonly (readonly [string, readonly TarEntry[]])[]) {
  test(`readDeb() refuses: ${what}`, () => {
    assert.throws(() => read(files), { code: 'E0404' });
  });
}
