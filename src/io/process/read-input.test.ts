import assert from 'node:assert/strict';
import { Readable } from 'node:stream';
import { test } from 'node:test';
import { Failure } from '../../core/failure.ts';
import { readInput } from './read-input.ts';

const { signal } = new AbortController();

test('readInput() joins what arrives in parts, also within a character', async () => {
  const bytes = Buffer.from('1.0 é\n');
  assert.equal(await readInput(Readable.from([bytes.subarray(0, 5), bytes.subarray(5)]), signal), '1.0 é\n');
});

test('readInput() is E0205 beyond 64 MiB', async () => {
  const part = Buffer.alloc(2 ** 20);
  await assert.rejects(
    readInput(Readable.from(Array.from({ length: 65 }, () => part)), signal),
    (error) => error instanceof Failure && error.code === 'E0205',
  );
});

test('readInput() ends when it is aborted while nothing arrives', async () => {
  const controller = new AbortController();
  const reading = readInput(new Readable({ read: () => {} }), controller.signal);
  controller.abort('SIGINT');
  await assert.rejects(reading, { name: 'AbortError' });
});
