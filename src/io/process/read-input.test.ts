import assert from 'node:assert/strict';
import { Readable } from 'node:stream';
import { test } from 'node:test';
import { Failure } from '../../core/failure.ts';
import { readInput } from './read-input.ts';

const { signal } = new AbortController();

test('readInput() joins what arrives in parts, also within a character', async () => {
  const bytes = Buffer.from('1.0 é\n');
  const parts = Readable.from([bytes.subarray(0, 5), bytes.subarray(5)]);
  assert.equal((await readInput(parts, { signal })).toString(), '1.0 é\n');
});

test('readInput() gives bytes as they are, also those that are no text', async () => {
  const bytes = Buffer.from([0xff, 0xfe, 0, 0x80, 0xc3]);
  assert.deepEqual(await readInput(Readable.from([bytes]), { signal }), bytes);
});

test('readInput() is E0205 beyond 64 MiB or the bound that is given, and takes what has just as many bytes', async () => {
  const part = Buffer.alloc(2 ** 20);
  const parts = (count: number) => Readable.from(Array.from({ length: count }, () => part));
  const isTooLarge = (error: unknown) => error instanceof Failure && error.code === 'E0205';
  assert.equal((await readInput(parts(64), { signal })).length, 64 * 2 ** 20);
  await assert.rejects(readInput(parts(65), { signal }), isTooLarge);
  assert.equal((await readInput(parts(2), { signal, bytesMax: 2 ** 21 })).length, 2 ** 21);
  await assert.rejects(readInput(parts(2), { signal, bytesMax: 2 ** 21 - 1 }), isTooLarge);
});

test('readInput() ends when it is aborted while nothing arrives', async () => {
  const controller = new AbortController();
  const reading = readInput(new Readable({ read: () => {} }), { signal: controller.signal });
  controller.abort('SIGINT');
  await assert.rejects(reading, { name: 'AbortError' });
});
