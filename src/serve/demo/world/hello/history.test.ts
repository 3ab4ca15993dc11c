import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { readElfNeeds } from '../../../../formats/elf/needed.ts';
import { helloHistory } from './history.ts';

const at = (text: string) => Temporal.Instant.from(text);
const [first, merged, fixed] = helloHistory([
  { at: at('2026-02-01T10:00:00Z'), happens: { kind: 'release', version: '1.0.0' } },
  { at: at('2026-03-02T11:00:00Z'), happens: { kind: 'merged-fix', vulnerability: 'CVE-2099-0002' } },
  { at: at('2026-03-02T14:00:00Z'), happens: { kind: 'release', version: '1.0.1' } },
]);

let scratch = '';
before(() => {
  scratch = mkdtempSync(join(tmpdir(), 'suture-hello-'));
});
after(() => rmSync(scratch, { recursive: true, force: true }));

/** Builds a commit's tree as its README says and gives the program's path. */
function build(commit: typeof first, architecture: 'x86_64' | 'aarch64'): string {
  assert.ok(commit !== undefined);
  const folder = mkdtempSync(join(scratch, 'tree-'));
  for (const [path, text] of commit.files) writeFileSync(join(folder, path), text);
  execFileSync(process.execPath, ['build.mjs', architecture, 'out/hello'], { cwd: folder });
  return join(folder, 'out/hello');
}

const machines = { x86_64: { id: 62, node: 'x64' }, aarch64: { id: 183, node: 'arm64' } };

/** Words that start the program here: itself, or the emulator where there is one; undefined where nothing can. */
function words(program: string, architecture: keyof typeof machines): readonly string[] | undefined {
  if (machines[architecture].node === process.arch) return [program];
  const emulator = `qemu-${architecture}-static`;
  return spawnSync(emulator, ['--version']).status === 0 ? [emulator, program] : undefined;
}

for (const architecture of ['x86_64', 'aarch64'] as const) {
  test(`hello for ${architecture} is a static program of that machine`, () => {
    const needs = readElfNeeds(readFileSync(build(fixed, architecture)), 'hello');
    assert.deepEqual(needs, { machine: machines[architecture].id, interpreter: null, needed: [], searchPath: [] });
  });

  test(`hello for ${architecture}: 1.0.0 runs over its tail, 1.0.1 cuts the name, main softens controls`, (t) => {
    const run = (commit: typeof first, name: string) => {
      const [program, ...args] = words(build(commit, architecture), architecture) ?? [];
      return program === undefined ? undefined : execFileSync(program, [...args, name], { encoding: 'latin1' });
    };
    if (run(first, 'Ada') === undefined) return t.skip(`skipped: ${architecture} programs do not run here`);
    assert.equal(run(first, 'Ada'), 'hello 1.0.0: hello, Ada!\n');
    assert.equal(run(first, '0123456789abcdef'), 'hello 1.0.0: hello, 0123456789abcdef!\n');
    assert.equal(run(first, '0123456789abcdefgh'), 'hello 1.0.0: hello, 0123456789abcdefghgh');
    assert.equal(run(fixed, '0123456789abcdef'), 'hello 1.0.1: hello, 0123456789abcdef!\n');
    assert.equal(run(fixed, '0123456789abcdefgh'), 'hello 1.0.1: hello, 0123456789abcdef!\n');
    assert.equal(run(fixed, 'a\x1bb'), 'hello 1.0.1: hello, a\x1bb!\n');
    assert.equal(run(merged, 'a\x1bb'), 'hello 1.0.0: hello, a?b!\n');
  });
}

test('helloHistory(): the merged fix is on main alone, the release starts from the first tag', () => {
  assert.deepEqual(
    [first, merged, fixed].map((commit) => [commit?.branch, commit?.from, commit?.tag]),
    [
      ['main', undefined, 'v1.0.0'],
      ['main', undefined, undefined],
      ['1.0', 'v1.0.0', 'v1.0.1'],
    ],
  );
  assert.match(merged?.message ?? '', /Fixes CVE-2099-0002\./);
});
