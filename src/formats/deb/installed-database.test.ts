import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { toolPath } from '../../../test/support/tool.ts';
import { isStatusRecord, parseStatus, statusRecord } from './installed-database.ts';
import type { TarEntry } from '../tar/entry.ts';

const read = (text: string) => parseStatus(Buffer.from(text), 'status');

const record = (name: string, status: string) => `Package: ${name}\n${status}Architecture: amd64\nVersion: 1\n\n`;

test('parseStatus() knows packages that are there from those of which only configuration is left', () => {
  const text = [
    record('aa', 'Status: install ok installed\n'),
    record('bb', 'Status: deinstall ok config-files\n'),
    record('cc', 'Status: hold ok installed\n'),
    record('dd', 'Status: install reinstreq half-installed\n'),
    record('ee', 'Status: unknown ok not-installed\n'),
    record('ff', ''),
  ].join('');
  assert.deepEqual(
    read(text).map((one) => one.name),
    ['aa', 'cc', 'dd', 'ff'],
  );
});

test('parseStatus() reads what a record says of a package and of its source', () => {
  const text = `Package: libexpat1
Status: install ok installed
Maintainer: L <l@example>
Architecture: arm64
Source: expat (2.5.0-1)
Version: 2.5.0-1+b1
Homepage: https://expat.example
Description: XML parsing library
 with more
`;
  assert.deepEqual(read(text), [
    {
      name: 'libexpat1',
      version: '2.5.0-1+b1',
      architecture: 'arm64',
      source: { name: 'expat', version: '2.5.0-1' },
      maintainer: 'L <l@example>',
      homepage: 'https://expat.example',
      description: 'XML parsing library',
    },
  ]);
});

for (const [what, text] of [
  ['no package', 'Status: install ok installed\nVersion: 1\n'],
  ['no version', 'Package: aa\n'],
  ['an empty version', 'Package: aa\nVersion:\n'],
  ['a version with a blank', 'Package: aa\nVersion: 1 2\n'],
  ['a line that is no field', `${record('aa', '')}rubbish\n`],
  ['a doubled field', 'Package: aa\nVersion: 1\nVersion: 2\n'],
] as const) {
  test(`parseStatus() refuses: ${what}`, () => {
    assert.throws(() => read(text), { code: 'E0404' });
  });
}

test('parseStatus() agrees with dpkg-query about this machine', (t) => {
  const tool = toolPath(t, 'dpkg-query');
  if (tool === undefined || !existsSync('/var/lib/dpkg/status')) return;
  const format = '${db:Status-Status} ${Package} ${Version} ${Architecture} ${source:Package} ${source:Version}\n';
  const listed = execFileSync(tool, ['-W', '-f', format], { encoding: 'utf8', maxBuffer: 2 ** 26 })
    .split('\n')
    .flatMap((line) => (line.startsWith('installed ') ? [line.slice('installed '.length)] : []));
  assert.deepEqual(
    parseStatus(readFileSync('/var/lib/dpkg/status'), 'status')
      .map((one) => [one.name, one.version, one.architecture, one.source.name, one.source.version].join(' '))
      .toSorted(),
    listed.toSorted(),
  );
});

test('isStatusRecord() passes over checksums that lie beside records', () => {
  assert.deepEqual(['base', 'base.md5sums'].map(isStatusRecord), [true, false]);
});

const plain = { uid: 0, gid: 0, mtime: 5, mode: 0o644, kind: 'file' } as const;
const files: readonly TarEntry[] = [{ ...plain, path: 'etc/a', content: Buffer.from('hello\n') }];
const stanza = `Package: hello\nVersion: 1\nArchitecture: all\nMaintainer: A <a@b.example>\nDescription: says hello\n and more\n`;

test('statusRecord() is the control file with its Status and the sums of its configuration files', () => {
  assert.equal(
    statusRecord({ stanza: `# made by hand\n${stanza}\n`, conffiles: ['/etc/a', '/etc/gone'], files }),
    `Package: hello
Status: install ok installed
Version: 1
Architecture: all
Maintainer: A <a@b.example>
Description: says hello
 and more
Conffiles:
 /etc/a b1946ac92492d2347c6235b4d2611184

`,
  );
  assert.ok(!statusRecord({ stanza, conffiles: [], files }).includes('Conffiles'));
});

test('statusRecord() refuses a control file that states what only dpkg may state', () => {
  for (const field of ['Status: install ok installed', 'Conffiles:\n /etc/shadow 0']) {
    assert.throws(() => statusRecord({ stanza: `${stanza}${field}\n`, conffiles: [], files }), { code: 'E0404' });
  }
});

test('statusRecord() refuses a name over two lines, between which Status would stand', () => {
  for (const text of ['Package:\n hello\nVersion: 1\n', 'Package: hello\n more\nVersion: 1\n', 'Version: 1\n']) {
    assert.throws(() => statusRecord({ stanza: text, conffiles: [], files }), { code: 'E0404' });
  }
});

test('statusRecord() makes a database that dpkg-query reads without a word of complaint', (t) => {
  const tool = toolPath(t, 'dpkg-query');
  if (tool === undefined) return;
  const folder = mkdtempSync(join(tmpdir(), 'suture-dpkg-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  mkdirSync(join(folder, 'info'));
  const records = statusRecord({ stanza, conffiles: ['/etc/a'], files });
  writeFileSync(
    join(folder, 'status'),
    records +
      statusRecord({ stanza: record('aa', 'Maintainer: A <a@b.example>\nDescription: x\n'), conffiles: [], files }),
  );
  const format = '${Package} ${Version} ${db:Status-Status}${Conffiles}\n';
  const said = execFileSync(tool, [`--admindir=${folder}`, '-W', '-f', format], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  assert.equal(said, 'aa 1 installed\nhello 1 installed /etc/a b1946ac92492d2347c6235b4d2611184\n');
});
