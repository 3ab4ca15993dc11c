import assert from 'node:assert/strict';
import { test } from 'node:test';
import { factsFrom } from '../../../test/support/literals.ts';
import { type ChainEntry, entryFromFact } from '../../core/ledger/envelope.ts';
import { verifyLedger } from './verify-ledger.ts';

const at = Temporal.Instant.from('2026-03-01T00:00:00Z');
const payload = { line: 'hello:1', architectures: ['amd64'], supportUntil: null } as const;
const [entry] = factsFrom([
  { type: 'line-declared', at: { from: at, to: at }, by: 'suture', payload, evidence: [] },
]).map(entryFromFact);

const ledgers: readonly (readonly [string, readonly number[], readonly number[]])[] = [
  ['a short ledger: nothing', [500, 500], []],
  ['one fact too few: nothing', [99_999], []],
  ['just enough', [99_999, 1], [100_000]],
  ['pages that do not fit: at the end of a page', [60_000, 60_000, 60_000], [120_000]],
];

for (const [what, pages, told] of ledgers) {
  test(`verifyLedger() tells how far it is, with ${what}`, async () => {
    const words: number[] = [];
    await verifyLedger({ chain: chainOf(pages), evidence: null, onProgress: (facts) => words.push(facts) }, {});
    assert.deepEqual(words, told);
  });
}

/** Pages of so many entries; that it is the same one each time is not what is asked here. */
async function* chainOf(pages: readonly number[]): AsyncIterable<readonly ChainEntry[]> {
  assert.ok(entry !== undefined);
  for (const length of pages) yield Array.from({ length }, () => entry);
}
