import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { chainHash, type ChainEntry } from '../../src/core/ledger/envelope.ts';
import { factLine, parseFactLine } from '../../src/core/ledger/fact-line.ts';
import { manifestText, parseManifest } from '../../src/formats/ledger/manifest.ts';
import { filesOf } from '../../src/io/ledger/write-bundle.ts';

/** Writes other facts, and everything that follows from them, as an exporter would. */
export async function rewrite(folder: string, entries: readonly ChainEntry[]): Promise<void> {
  writeFileSync(join(folder, 'facts.jsonl'), entries.map((entry) => `${factLine(entry)}\n`).join(''));
  const heads = entries.filter(({ type }) => type === 'head-signed').map(({ payloadText }) => `${payloadText}\n`);
  writeFileSync(join(folder, 'heads.jsonl'), heads.join(''));
  const manifest = parseManifest(readFileSync(join(folder, 'manifest.json'), 'utf8'));
  const last = entries.at(-1);
  assert.ok(manifest !== undefined && last !== undefined);
  const head = { seq: last.seq, hash: last.hash };
  const files = await filesOf(folder);
  const anew = { ...manifest, facts: last.seq, head, recordedUntil: last.recordedAt, files };
  writeFileSync(join(folder, 'manifest.json'), manifestText(anew));
}

/** Numbered and hashed anew from the first fact on. */
export function remade(entries: readonly ChainEntry[]): readonly ChainEntry[] {
  const made: ChainEntry[] = [];
  for (const entry of entries) {
    const prev = made.at(-1)?.hash ?? '0'.repeat(64);
    made.push({ ...entry, seq: made.length + 1, prev, hash: chainHash(prev, entry) });
  }
  return made;
}

export function entriesIn(folder: string): readonly ChainEntry[] {
  return linesIn(join(folder, 'facts.jsonl')).flatMap((line) => parseFactLine(line) ?? []);
}

export function linesIn(path: string): readonly string[] {
  return readFileSync(path, 'utf8').trimEnd().split('\n');
}
