import assert from 'node:assert/strict';
import { test } from 'node:test';
import { goProgram, pointedProgram } from '../../../test/support/go-program.ts';
import { programFile } from '../program/program-file.ts';
import { bytesInMemory, type RandomBytes } from '../program/random-bytes.ts';
import { goBuildInfo } from './build-info.ts';
import { goComponents } from './go-components.ts';

const infoOf = (bytes: RandomBytes) => {
  const program = programFile(bytes);
  return program === undefined ? undefined : goBuildInfo(program);
};

for (const flags of [[], ['-ldflags=-s -w']]) {
  test(`goBuildInfo() reads what go build wrote: ${flags.join(' ') || 'without options'}`, (t) => {
    const bytes = goProgram(t, { flags });
    if (bytes === undefined) return;
    const info = infoOf(bytesInMemory(bytes));
    assert.match(info?.goVersion ?? '', /^go1\.[0-9]+/);
    assert.equal(info?.path, 'example.com/hello/cmd');
    assert.deepEqual(info?.main?.path, 'example.com/hello');
    assert.deepEqual(info?.dependencies, [
      { path: 'example.com/dep', version: 'v1.2.3' },
      { path: 'example.com/here', version: '(devel)' },
      { path: 'example.com/new', version: 'v2.0.1+incompatible' },
    ]);
  });
}

for (const [os, architecture, ...flags] of [
  ['linux', 'amd64', '-buildmode=pie'],
  ['windows', 'amd64'],
  ['darwin', 'arm64'],
  ['linux', '386'],
  ['linux', 's390x'],
] as const) {
  test(`goBuildInfo() reads a program for ${[os, architecture, ...flags].join(' ')}`, (t) => {
    if (process.env['SUTURE_LONG'] !== '1') return t.skip('skipped: builds the standard library anew, see SUTURE_LONG');
    const bytes = goProgram(t, { os, architecture, flags });
    if (bytes === undefined) return;
    const info = infoOf(bytesInMemory(bytes));
    assert.match(info?.goVersion ?? '', /^go1\.[0-9]+/);
    assert.equal(info?.dependencies.length, 3);
  });
}

test('goBuildInfo() follows the pointers of programs before Go 1.18', () => {
  for (const shape of [{}, { bigEndian: true }, { pointerBytes: 4 }, { pointerBytes: 4, bigEndian: true }] as const) {
    const bytes = pointedProgram('go1.16.4', 'path\tx.example/cmd\nmod\tx.example\tv1.0.0\th1:a=\n', shape);
    assert.deepEqual(infoOf(bytesInMemory(bytes)), {
      goVersion: 'go1.16.4',
      path: 'x.example/cmd',
      main: { path: 'x.example', version: 'v1.0.0' },
      dependencies: [],
    });
  }
});

test('goBuildInfo() reads a few kilobytes of a program, however large it is', (t) => {
  const bytes = goProgram(t, {});
  if (bytes === undefined) return;
  let read = 0;
  const slice = (offset: number, lengthBytes: number) => {
    read += Math.min(lengthBytes, bytes.length);
    return bytes.subarray(offset, offset + lengthBytes);
  };
  assert.notEqual(infoOf({ sizeBytes: bytes.length, slice }), undefined);
  assert.ok(read < 32_768, `${read} bytes`);
});

test('goBuildInfo() says nothing of programs in other languages', () => {
  assert.equal(infoOf(bytesInMemory(Buffer.from('#!/bin/sh\n'.repeat(20)))), undefined);
  assert.equal(infoOf(bytesInMemory(Buffer.from('\x7fELF'))), undefined);
});

test('goComponents() of main module, dependencies and the compiler that brought the standard library', () => {
  const components = goComponents({
    goVersion: 'go1.25.3 X:boringcrypto',
    path: 'example.com/hello',
    main: { path: 'example.com/hello', version: '(devel)' },
    dependencies: [{ path: 'github.com/x/Y', version: 'v1.2.3+incompatible' }],
  });
  assert.deepEqual(
    components.map(({ purl, version, scheme, upstream, stream, edge }) => [
      purl,
      version,
      scheme,
      upstream,
      stream,
      edge,
    ]),
    [
      ['pkg:golang/stdlib@1.25.3', '1.25.3', 'go', 'pkg:golang/stdlib', '1.25', 'compiled-by'],
      ['pkg:golang/example.com/hello', '(devel)', 'go', 'pkg:golang/example.com/hello', '(devel)', 'contains'],
      [
        'pkg:golang/github.com/x/Y@v1.2.3%2Bincompatible',
        'v1.2.3+incompatible',
        'go',
        'pkg:golang/github.com/x/Y',
        '1',
        'static',
      ],
    ],
  );
});

const versions: readonly (readonly [string, string, string])[] = [
  ['go1.24', '1.24', '1.24'],
  ['go1.25rc2', '1.25rc2', '1.25'],
  ['go1.20.12 (Red Hat 1.20.12-1.el9)', '1.20.12', '1.20'],
  ['devel go1.26-abcdef Tue', '(devel)', ''],
];
for (const [text, version, stream] of versions) {
  test(`goComponents() of a program by ${text}`, () => {
    const [stdlib] = goComponents({ goVersion: text, path: '', main: null, dependencies: [] });
    assert.deepEqual([stdlib?.version, stdlib?.stream], [version, stream]);
  });
}
