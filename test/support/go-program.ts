import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { TestContext } from 'node:test';
import { toolPath } from './tool.ts';

export interface GoTarget {
  readonly flags?: readonly string[];
  readonly os?: string;
  readonly architecture?: string;
}

/**
 * A program that the machine's own Go builds, without network: its modules are vendored, one replaced by another version, one
 * by a folder. Undefined where there is no Go.
 */
export function goProgram(t: TestContext, { flags = [], os, architecture }: GoTarget): Buffer | undefined {
  const go = toolPath(t, 'go');
  if (go === undefined) return undefined;
  const folder = mkdtempSync(join(tmpdir(), 'suture-go-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  for (const [path, text] of Object.entries(FILES)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  const target = {
    ...(os === undefined ? {} : { GOOS: os }),
    ...(architecture === undefined ? {} : { GOARCH: architecture }),
  };
  execFileSync(go, ['build', '-mod=vendor', ...flags, '-o', join(folder, 'out'), './cmd'], {
    cwd: folder,
    env: { ...process.env, GOTOOLCHAIN: 'local', GOFLAGS: '', GOWORK: 'off', CGO_ENABLED: '0', ...target },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  return readFileSync(join(folder, 'out'));
}

const FILES: Readonly<Record<string, string>> = {
  'go.mod': `module example.com/hello

go 1.21

require (
	example.com/dep v1.2.3
	example.com/here v0.0.0
	example.com/old v1.0.0
)

replace example.com/old => example.com/new v2.0.1+incompatible

replace example.com/here => ./here
`,
  'cmd/main.go': `package main

import (
	_ "example.com/dep"
	_ "example.com/here"
	_ "example.com/old"
)

func main() { println("hello") }
`,
  'here/go.mod': 'module example.com/here\n\ngo 1.21\n',
  'vendor/modules.txt': `# example.com/dep v1.2.3
## explicit
example.com/dep
# example.com/here v0.0.0 => ./here
## explicit; go 1.21
example.com/here
# example.com/old v1.0.0 => example.com/new v2.0.1+incompatible
## explicit
example.com/old
# example.com/here => ./here
# example.com/old => example.com/new v2.0.1+incompatible
`,
  'vendor/example.com/dep/dep.go': 'package dep\n',
  'vendor/example.com/here/here.go': 'package here\n',
  'vendor/example.com/old/old.go': 'package old\n',
};

/**
 * An ELF file as Go before 1.18 left it, written by hand since no such Go builds any more: its record points at strings, which
 * point at texts.
 */
export function pointedProgram(
  version: string,
  modules: string,
  { pointerBytes = 8, bigEndian = false }: { readonly pointerBytes?: 4 | 8; readonly bigEndian?: boolean },
): Buffer {
  const is64 = pointerBytes === 8;
  const base = 0x40_0000;
  const dataAt = 512;
  const info = Buffer.concat([Buffer.alloc(16, 0x30), Buffer.from(modules), Buffer.alloc(16, 0xf9)]);
  const texts = [Buffer.from(version), info];
  const file = Buffer.alloc(dataAt + 256 + version.length + info.length);
  const pointer = (at: number, value: number): void => {
    const bytes = Buffer.alloc(8);
    bytes.writeBigUInt64BE(BigInt(value));
    const ordered = bytes.subarray(8 - pointerBytes);
    file.set(bigEndian ? ordered : ordered.toReversed(), at);
  };
  const short = (at: number, value: number): void => {
    if (bigEndian) file.writeUInt16BE(value, at);
    else file.writeUInt16LE(value, at);
  };
  const int = (at: number, value: number): void => {
    if (bigEndian) file.writeUInt32BE(value, at);
    else file.writeUInt32LE(value, at);
  };
  file.set([0x7f, 0x45, 0x4c, 0x46, is64 ? 2 : 1, bigEndian ? 2 : 1, 1]);
  const segmentAt = is64 ? 64 : 52;
  pointer(is64 ? 32 : 28, segmentAt);
  short(is64 ? 54 : 42, is64 ? 56 : 32);
  short(is64 ? 56 : 44, 1);
  int(segmentAt, 1);
  int(segmentAt + (is64 ? 4 : 24), 6);
  pointer(segmentAt + (is64 ? 8 : 4), dataAt);
  pointer(segmentAt + (is64 ? 16 : 8), base);
  pointer(segmentAt + (is64 ? 32 : 16), file.length - dataAt);
  file.set(Buffer.from('ff20476f206275696c64696e663a', 'hex'), dataAt);
  file.set([pointerBytes, bigEndian ? 1 : 0], dataAt + 14);
  let textAt = 256;
  for (const [i, text] of texts.entries()) {
    const stringAt = 128 + i * 16;
    pointer(dataAt + 16 + i * pointerBytes, base + stringAt);
    pointer(dataAt + stringAt, base + textAt);
    pointer(dataAt + stringAt + pointerBytes, text.length);
    file.set(text, dataAt + textAt);
    textAt += text.length;
  }
  return file;
}

/** A table of function names as Go has it since 1.20, before all that follows the names. */
export function nameTable(names: readonly string[] = ['runtime.main', 'main.main']): Buffer {
  const text = Buffer.from(names.map((name) => `${name}\0`).join(''));
  const head = Buffer.alloc(8 + 8 * 8);
  head.writeUInt32LE(0xfffffff1);
  head.set([1, 8], 6);
  head.writeBigUInt64LE(BigInt(names.length), 8);
  head.writeBigUInt64LE(BigInt(head.length), 8 + 3 * 8);
  head.writeBigUInt64LE(BigInt(head.length + text.length), 8 + 4 * 8);
  return Buffer.concat([head, text]);
}
