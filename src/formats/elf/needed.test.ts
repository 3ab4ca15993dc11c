import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import fc from 'fast-check';
import { Failure } from '../../core/failure.ts';
import { readElfNeeds } from './needed.ts';

const MACHINES: Readonly<Record<string, number>> = { x64: 62, arm64: 183 };
const ownProgram = readFileSync(process.execPath);

test('readElfNeeds() reads a real dynamic program: the one that runs this test', () => {
  const needs = readElfNeeds(ownProgram, 'node');
  assert.ok(needs !== undefined);
  assert.equal(needs.machine, MACHINES[process.arch]);
  assert.match(needs.interpreter ?? '', /^\/lib.*ld-/);
  assert.ok(needs.needed.some((name) => name.startsWith('libc.')));
  assert.ok(existsSync(needs.interpreter ?? ''));
});

test('readElfNeeds() is undefined: no ELF, 32 bits, big-endian, too short', () => {
  const header = new Uint8Array(64);
  header.set([0x7f, 0x45, 0x4c, 0x46, 2, 1]);
  assert.ok(readElfNeeds(header, 'empty') !== undefined);
  assert.equal(readElfNeeds(header.subarray(0, 63), 'short'), undefined);
  for (const [at, value] of [
    [0, 0x23],
    [4, 1],
    [5, 2],
  ] as const) {
    assert.equal(readElfNeeds(header.with(at, value), 'other'), undefined);
  }
});

test('readElfNeeds() never reads outside: any damage to a real head is an answer or E0404', () => {
  const head = ownProgram.subarray(0, 8192);
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.nat(1023), fc.nat(255)), { maxLength: 20 }), fc.nat(8192), (damage, length) => {
      const bytes = new Uint8Array(head);
      for (const [at, value] of damage) bytes[at] = value;
      try {
        readElfNeeds(bytes.subarray(0, length), 'damaged');
      } catch (error) {
        assert.ok(error instanceof Failure && error.code === 'E0404', String(error));
      }
    }),
  );
});
