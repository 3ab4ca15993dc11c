import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ChainEntry } from './envelope.ts';
import { SaidEntries } from './said-entries.ts';

test('SaidEntries: what the next fact seals is not said, even when it can be read by now', () => {
  assert.deepEqual(saidOf([fact('a'), fact('b'), seal('b'), fact('c')]), ['a', 'seal b', 'c']);
});

test('SaidEntries: a seal that stands elsewhere hides nothing', () => {
  assert.deepEqual(saidOf([fact('a'), fact('b'), seal('a')]), ['a', 'b', 'seal a']);
});

test('SaidEntries: without a payload nothing is said', () => {
  assert.deepEqual(saidOf([{ ...fact('a'), payloadText: null }, fact('b')]), ['b']);
});

function saidOf(entries: readonly ChainEntry[]): readonly string[] {
  const said = new SaidEntries();
  const all = [...entries.flatMap((entry) => said.next(entry)), ...said.end()];
  return all.flatMap(({ entry, isSaid }) => (isSaid ? [entry.id] : []));
}

function seal(id: string): ChainEntry {
  return { ...fact(`seal ${id}`), type: 'payload-sealed', payloadText: JSON.stringify({ fact: id }) };
}

function fact(id: string): ChainEntry {
  return { id, type: 'looked', payloadText: '{}' } as unknown as ChainEntry;
}
