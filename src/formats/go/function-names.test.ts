import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { goProgram, nameTable } from '../../../test/support/go-program.ts';
import { sectionProgram } from '../../../test/support/section-program.ts';
import { toolPath } from '../../../test/support/tool.ts';
import { programFile } from '../program/program-file.ts';
import { bytesInMemory } from '../program/random-bytes.ts';
import { goFunctionNames } from './function-names.ts';

function namesOf(bytes: Uint8Array): readonly string[] | undefined {
  const program = programFile(bytesInMemory(bytes));
  return program === undefined ? undefined : goFunctionNames(program);
}

test('goFunctionNames() has every function that go tool nm lists, and the same of a stripped program', (t) => {
  const go = toolPath(t, 'go');
  const [plain, stripped] = [goProgram(t, {}), goProgram(t, { flags: ['-ldflags=-s -w'] })];
  if (go === undefined || plain === undefined || stripped === undefined) return;
  const folder = mkdtempSync(join(tmpdir(), 'suture-nm-'));
  t.after(() => rmSync(folder, { recursive: true }));
  writeFileSync(join(folder, 'program'), plain);
  const listed = execFileSync(go, ['tool', 'nm', join(folder, 'program')], { encoding: 'utf8', maxBuffer: 2 ** 26 })
    .split('\n')
    .flatMap((line) => /^\s*[0-9a-f]+ [Tt] (.+)$/.exec(line)?.[1]?.replace(/\.abi0$/, '') ?? [])
    // Marks of the linker, and code in assembly that is entered in the middle.
    .filter(
      (name) =>
        !/^(type:|_rt0_|runtime\.(e?text|rodata|etext)|go:buildid|_|x_cgo)/.test(name) && !name.startsWith('local.'),
    );
  assert.ok(listed.length > 1000);
  const names = new Set(namesOf(plain));
  assert.deepEqual(
    listed.filter((name) => !names.has(name)),
    [],
  );
  assert.deepEqual(namesOf(stripped), namesOf(plain));
});

for (const target of [
  { os: 'linux', flags: ['-buildmode=pie'] },
  { os: 'windows', flags: [] },
  { os: 'darwin', architecture: 'arm64', flags: [] },
  { os: 'linux', architecture: '386', flags: [] },
  { os: 'linux', architecture: 's390x', flags: [] },
]) {
  test(`goFunctionNames() of a program for ${Object.values(target).flat().join(' ')}`, (t) => {
    if (process.env['SUTURE_LONG'] !== '1') return t.skip('skipped: builds the standard library anew, see SUTURE_LONG');
    const bytes = goProgram(t, target);
    if (bytes === undefined) return;
    assert.ok((namesOf(bytes)?.length ?? 0) > 1000);
  });
}

test('goFunctionNames() finds a table by its header where no section names it', () => {
  const names = ['runtime.main', 'main.main', 'a/b.(*C).D'];
  assert.deepEqual(namesOf(sectionProgram({ '.gopclntab': nameTable(names) })), names);
  assert.deepEqual(namesOf(sectionProgram({ '.rodata': Buffer.concat([Buffer.alloc(3), nameTable(names)]) })), names);
});

test('goFunctionNames() is undefined: no table, names that somebody changed, a table that leads out of the file', () => {
  const lying = nameTable();
  lying.writeBigUInt64LE(2n ** 40n, 8 + 4 * 8);
  const beyond = nameTable();
  beyond.fill(0xff, 8 + 3 * 8, 8 + 5 * 8);
  for (const table of [Buffer.alloc(100), nameTable(['a.b', 'c.d']), lying, beyond, nameTable().subarray(0, 40)]) {
    assert.equal(namesOf(sectionProgram({ '.gopclntab': table })), undefined);
  }
});
