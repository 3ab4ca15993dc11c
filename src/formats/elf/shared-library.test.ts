import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { toolPath } from '../../../test/support/tool.ts';
import { sharedLibrary } from './shared-library.ts';
import type { TestContext } from 'node:test';

const source = `
int offered(void) { return 1; }
int variable = 2;
__attribute__((weak)) int weak(void) { return 3; }
__attribute__((visibility("hidden"))) int hidden(void) { return 4; }
static int local(void) { return 5; }
extern int elsewhere(void);
int uses(void) { return elsewhere() + local() + hidden(); }
`;

test('sharedLibrary() reads what the linker wrote, stripped or not', (t) => {
  const library = compiled(t, ['-shared', '-fPIC', '-nostdlib', '-Wl,-soname,libhello.so.1']);
  if (library === undefined) return;
  assert.deepEqual(sharedLibrary(library), {
    soname: 'libhello.so.1',
    symbols: ['offered', 'uses', 'variable', 'weak'],
  });
  const stripped = compiled(t, ['-shared', '-fPIC', '-nostdlib', '-s', '-Wl,-soname,libhello.so.1']);
  assert.deepEqual(sharedLibrary(stripped ?? library), sharedLibrary(library));
});

const versioned = `
int old_twice(int n) { return n + n; }
int new_twice(int n) { return 2 * n; }
__asm__(".symver old_twice, twice@TEST_1");
__asm__(".symver new_twice, twice@@TEST_2");
int plain(void) { return 1; }
int unnamed(void) { return 2; }
`;
const versionScript = 'TEST_1 { global: plain; }; TEST_2 { global: twice; } TEST_1;';

test('sharedLibrary() names the versions of symbols: the default one, the older ones, and none', (t) => {
  const library = compiled(t, ['-shared', '-fPIC', '-nostdlib', '-Wl,-soname,libtest.so.1'], {
    code: versioned,
    script: versionScript,
  });
  if (library === undefined) return;
  const symbols = sharedLibrary(library)?.symbols.filter((symbol) => /^(?:twice|plain|unnamed)/.test(symbol));
  assert.deepEqual(symbols, ['plain@@TEST_1', 'twice@@TEST_2', 'twice@TEST_1', 'unnamed']);
});

test('sharedLibrary() reads versions as readelf does, of libraries of this machine', (t) => {
  const readelf = toolPath(t, 'readelf');
  if (readelf === undefined) return;
  const folders = ['/usr/lib', '/usr/lib64', '/lib', '/usr/lib/x86_64-linux-gnu', '/usr/lib/aarch64-linux-gnu'];
  const paths = ['libc.so.6', 'libcurl.so.4', 'libstdc++.so.6', 'libz.so.1', 'libcrypto.so.3'].flatMap(
    (name) => folders.map((folder) => join(folder, name)).find((path) => existsSync(path)) ?? [],
  );
  if (paths.length === 0) return t.skip('skipped: no shared libraries where they are looked for');
  for (const path of paths) {
    const told: string = execFileSync(readelf, ['--dyn-syms', '-W', path], {
      encoding: 'utf8',
      maxBuffer: 64 * 2 ** 20,
    });
    assert.deepEqual(sharedLibrary(readFileSync(path))?.symbols, offeredSymbols(told), path);
  }
});

/** Binding 10 is UNIQUE, whatever the file says its system is. `  1283: 00000000000a1170   340 IFUNC   GLOBAL DEFAULT   16 memcpy@@GLIBC_2.14` */
function offeredSymbols(table: string): readonly string[] {
  const row =
    /^ +[0-9]+: [0-9a-f]+ +\S+ \S+ +(?:GLOBAL|WEAK|UNIQUE|<OS specific>: 10) +(?:DEFAULT|PROTECTED) +(?:\[.*\] +)?(?!UND)\S+ (\S+)/gm;
  return [...new Set([...table.matchAll(row)].map(([, name]) => name ?? ''))].toSorted();
}

test('sharedLibrary() is undefined for what has no soname', (t) => {
  const plugin = compiled(t, ['-shared', '-fPIC', '-nostdlib']);
  if (plugin !== undefined) assert.equal(sharedLibrary(plugin), undefined);
  for (const other of [
    '',
    '#!/bin/sh\n',
    '\x7fELF\x02\x01',
    `\x7fELF\x02\x01${'\xff'.repeat(100)}`,
    `\x7fELF\x01\x01${'\0'.repeat(100)}`,
  ]) {
    assert.equal(sharedLibrary(Buffer.from(other, 'latin1')), undefined);
  }
});

test('sharedLibrary() answers whatever becomes of a library', (t) => {
  const flags = ['-shared', '-fPIC', '-nostdlib', '-Wl,-soname,libhello.so.1'];
  const library = compiled(t, flags, { code: versioned, script: versionScript });
  if (library === undefined) return;
  for (let i = 0; i < 2000; i += 1) {
    const bytes = Buffer.from(library);
    bytes[(i * 7919) % (i % 2 === 0 ? 64 : bytes.length)] = (i * 31) % 256;
    sharedLibrary(i % 3 === 0 ? bytes.subarray(0, (i * 104_729) % bytes.length) : bytes);
  }
});

function compiled(
  t: TestContext,
  flags: readonly string[],
  { code, script }: { readonly code: string; readonly script?: string } = { code: source },
): Uint8Array | undefined {
  const compiler = 'cc';
  if (spawnSync(compiler, ['--version']).status !== 0) {
    assert.ok(
      !(process.env['SUTURE_REQUIRE'] ?? '').split(',').includes('cc'),
      'a C compiler is required and not there',
    );
    t.skip('skipped: no C compiler');
    return undefined;
  }
  const folder = mkdtempSync(join(tmpdir(), 'suture-elf-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const map = join(folder, 'map');
  if (script !== undefined) writeFileSync(map, script);
  const versions = script === undefined ? [] : [`-Wl,--version-script=${map}`];
  execFileSync(compiler, ['-x', 'c', ...flags, ...versions, '-o', join(folder, 'out'), '-'], { input: code });
  return readFileSync(join(folder, 'out'));
}
