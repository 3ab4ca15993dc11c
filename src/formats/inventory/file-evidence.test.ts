import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync, rmSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { deflateSync } from 'node:zlib';
import { toolPath } from '../../../test/support/tool.ts';
import { bytesInMemory } from '../program/random-bytes.ts';
import { evidenceKindOf } from './evidence-files.ts';
import { fileEvidence } from './file-evidence.ts';

const kinds: readonly (readonly [string, ReturnType<typeof evidenceKindOf>])[] = [
  ['usr/lib/python3/dist-packages/pip-23.0.1.dist-info/METADATA', 'python'],
  ['usr/lib/python3/dist-packages/python_apt-2.6.0.egg-info', 'python'],
  ['usr/lib/python3/dist-packages/x.egg-info/PKG-INFO', 'python'],
  ['opt/x-1.0-py3.11.egg/EGG-INFO/PKG-INFO', 'python'],
  ['src/x/PKG-INFO', undefined],
  ['app/METADATA', undefined],
  ['app/node_modules/lodash/package.json', 'npm'],
  ['node_modules/@babel/core/package.json', 'npm'],
  ['app/node_modules/.pnpm/a@1/node_modules/a/package.json', 'npm'],
  ['app/package.json', undefined],
  ['app/node_modules/a/dist/package.json', undefined],
  ['app/node_modules/.cache/package.json', undefined],
  ['usr/lib/ruby/gems/3.1.0/specifications/rake-13.0.6.gemspec', 'gem'],
  ['usr/lib/ruby/gems/3.1.0/specifications/default/json-2.6.1.gemspec', 'gem'],
  ['app/x.gemspec', undefined],
  ['opt/app.WAR', 'jar'],
  ['usr/bin/hello', 'program'],
  ['usr/bin/hello-1.28', 'program'],
  ['usr/lib/libz.so.1.2.13', 'program'],
  ['opt/hello.exe', 'program'],
  ['usr/lib/python3.11/os.py', undefined],
  ['usr/share/doc/x/README.md', undefined],
  ['__proto__', 'program'],
];
for (const [path, kind] of kinds) {
  test(`evidenceKindOf() ${path}: ${kind ?? 'nothing'}`, () => assert.equal(evidenceKindOf(path), kind));
}

const tell = (kind: Parameters<typeof fileEvidence>[1]['kind'], content: string | Buffer) => {
  const { components, unread } = fileEvidence(bytesInMemory(Buffer.from(content)), { kind, path: 'x' });
  return [components.map(({ purl, version, scheme, edge }) => [purl, version, scheme, edge].join(' ')), unread.length];
};

test('fileEvidence() of Python: mail headers, in the spelling of the index', () => {
  const metadata = 'Metadata-Version: 2.1\r\nName: Zope.Interface\r\nVersion: 5.0rc1\r\n\r\nName: not-this\r\n';
  assert.deepEqual(tell('python', metadata), [['pkg:pypi/zope-interface@5.0rc1 5.0rc1 pypi contains'], 0]);
  assert.deepEqual(tell('python', 'Metadata-Version: 2.1\n\nName: x\nVersion: 1\n'), [[], 1]);
});

test('fileEvidence() of npm: name and version of the manifest', () => {
  assert.deepEqual(tell('npm', '{"name":"@scope/a","version":"v1.0.0"}'), [
    ['pkg:npm/%40scope/a@1.0.0 1.0.0 semver contains'],
    0,
  ]);
  for (const bad of [
    '{"name":"a"}',
    '{',
    '{"name":"../a","version":"1"}',
    '{"name":"a\\u202eb","version":"1"}',
    '[]',
  ]) {
    assert.deepEqual(tell('npm', bad), [[], 1], bad);
  }
});

test('fileEvidence() of Ruby: the stub line, else what to_ruby assigns', () => {
  const stub = '# -*- encoding: utf-8 -*-\n# stub: nokogiri 1.15.4 x86_64-linux lib\n\nGem::Specification.new do |s|\n';
  const plain = 'Gem::Specification.new do |s|\n  s.name = "rake".freeze\n  s.version = "13.0.6"\nend\n';
  const older =
    'Gem::Specification.new do |spec|\n  spec.name = \'json\'\n  spec.version = Gem::Version.new("2.6.1")\n';
  for (const [text, purl] of [
    [stub, 'pkg:gem/nokogiri@1.15.4'],
    [plain, 'pkg:gem/rake@13.0.6'],
    [older, 'pkg:gem/json@2.6.1'],
  ] as const) {
    assert.equal((tell('gem', text)[0] as readonly string[])[0]?.split(' ')[0], purl);
  }
  assert.deepEqual(tell('gem', 's.version = VERSION'), [[], 1]);
});

test('fileEvidence() of a Rust program that was built auditable', (t) => {
  const cc = toolPath(t, 'cc');
  const objcopy = toolPath(t, 'objcopy');
  if (cc === undefined || objcopy === undefined) return;
  const folder = mkdtempSync(join(tmpdir(), 'suture-cargo-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const packages = [
    { name: 'cc', version: '1.0.0', source: 'crates.io', kind: 'build' },
    { name: 'hello', version: '0.3.1', source: 'local', dependencies: [2], root: true },
    { name: 'itoa', version: '1.0.19', source: 'crates.io' },
  ];
  const program = (section: Buffer): Buffer => {
    writeFileSync(join(folder, 'a.c'), 'int main(void) { return 0; }\n');
    writeFileSync(join(folder, 'dep'), section);
    execFileSync(cc, ['-o', 'a', 'a.c'], { cwd: folder });
    execFileSync(objcopy, ['--add-section', '.dep-v0=dep', 'a', 'b'], { cwd: folder });
    return readFileSync(join(folder, 'b'));
  };
  assert.deepEqual(tell('program', program(deflateSync(JSON.stringify({ packages })))), [
    ['pkg:cargo/hello@0.3.1 0.3.1 semver contains', 'pkg:cargo/itoa@1.0.19 1.0.19 semver static'],
    0,
  ]);
  assert.deepEqual(tell('program', program(Buffer.from('damaged'))), [[], 1]);
});

test('fileEvidence() of scripts, and of programs that tell nothing', () => {
  assert.deepEqual(tell('program', '#!/bin/sh\necho hello\n'.repeat(10)), [[], 0]);
  assert.deepEqual(tell('program', readFileSync(process.execPath).subarray(0, 4096)), [[], 0]);
  assert.deepEqual(tell('program', '\x7fELF'), [[], 0]);
});
