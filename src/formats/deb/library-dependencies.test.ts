import assert from 'node:assert/strict';
import { readFile, realpath } from 'node:fs/promises';
import { test } from 'node:test';
import { libraryDependencies } from './library-dependencies.ts';
import { parseShlibs, splitSoname } from './shlibs.ts';

test('splitSoname() knows both forms of sonames', () => {
  assert.deepEqual(splitSoname('libz.so.1'), { library: 'libz', version: '1' });
  assert.deepEqual(splitSoname('libdb-5.3.so'), { library: 'libdb', version: '5.3' });
  assert.deepEqual(splitSoname('ld-linux-x86-64.so.2'), { library: 'ld-linux-x86-64', version: '2' });
  assert.equal(splitSoname('plugin.so'), undefined);
});

test('parseShlibs() reads what a library asks of its users, and passes over other types of package', () => {
  const [owner, ...others] = parseShlibs(
    'libz 1 zlib1g (>= 1:1.2.3)\nudeb: libz 1 zlib1g-udeb\n\n# a comment\n',
    'shlibs',
  );
  assert.deepEqual(others, []);
  assert.equal(owner?.library, 'libz');
  assert.deepEqual(owner.dependencies, [[{ name: 'zlib1g', qualifier: null, operator: '>=', version: '1:1.2.3' }]]);
});

test('libraryDependencies() finds the packages of what a program is linked to, and names what nobody provides', async (t) => {
  const program = await realpath('/bin/sh');
  const content = await readFile(program);
  if (content.readUInt32BE(0) !== 0x7f454c46) return t.skip('/bin/sh is no ELF program here');
  const files = [{ path: 'usr/bin/sh', kind: 'file' as const, mode: 0o755, uid: 0, gid: 0, mtime: 0, content }];
  const owners = parseShlibs('libc 6 libc6 (>= 2.36)\nlibreadline 8 libreadline8\nlibtinfo 6 libtinfo6\n', 'shlibs');
  const known = libraryDependencies(files, owners);
  assert.ok(
    known.dependencies.some(([first]) => first?.name === 'libc6'),
    JSON.stringify(known),
  );
  assert.ok(libraryDependencies(files, []).unknown.includes('libc.so.6'));
});
