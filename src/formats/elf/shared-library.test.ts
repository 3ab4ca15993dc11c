import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
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
  const library = compiled(t, ['-shared', '-fPIC', '-nostdlib', '-Wl,-soname,libhello.so.1']);
  if (library === undefined) return;
  for (let i = 0; i < 2000; i += 1) {
    const bytes = Buffer.from(library);
    bytes[(i * 7919) % (i % 2 === 0 ? 64 : bytes.length)] = (i * 31) % 256;
    sharedLibrary(i % 3 === 0 ? bytes.subarray(0, (i * 104_729) % bytes.length) : bytes);
  }
});

function compiled(t: TestContext, flags: readonly string[]): Uint8Array | undefined {
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
  execFileSync(compiler, ['-x', 'c', ...flags, '-o', join(folder, 'out'), '-'], { input: source });
  return readFileSync(join(folder, 'out'));
}
