import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import type { Fact, FactType } from '../../src/core/fact.ts';
import { chain, type ChainEntry, draftOf, entryFromFact, factFromEntry } from '../../src/core/ledger/envelope.ts';
import { factLine, parseFactLine } from '../../src/core/ledger/fact-line.ts';
import { chainVerifier } from '../../src/core/ledger/verify-chain.ts';
import { emptyStock, stockEvolve } from '../../src/core/plan/stock.ts';
import { emptyHistory, evolve, obligations } from '../../src/core/promise/obligations.ts';
import { learnRelease, emptyKnownReleases } from '../../src/core/upstream/known-releases.ts';
import { judgeHeads } from '../../src/formats/ledger/judge-heads.ts';
import { factWords } from '../../src/views/timeline.ts';

/**
 * Ledgers as they were once written. Facts are for ever, so these files are never changed: a new shape of a fact becomes a
 * new file beside them.
 */
const folder = join(import.meta.dirname, 'ledgers');
const files = readdirSync(folder).filter((name) => name.endsWith('.jsonl'));
const judge = judgeHeads([readFileSync(join(folder, 'signing-key.pub'), 'utf8')]);

for (const name of files) {
  const lines = readFileSync(join(folder, name), 'utf8').trimEnd().split('\n');
  const entries = lines.map((line) => {
    const entry = parseFactLine(line);
    assert.ok(entry !== undefined, `${name}: a line is no fact: ${line}`);
    return entry;
  });

  test(`the ledger ${name} verifies, and each line is written again as it was`, () => {
    const verifier = chainVerifier({ judge });
    for (const entry of entries) verifier.add(entry);
    assert.deepEqual(verifier.verdict().findings, []);
    assert.deepEqual(entries.map(factLine), lines);
  });

  test(`the ledger ${name}: what is stated today in the same words gets the same digests and hashes`, () => {
    for (const entry of entries) {
      const fact = factFromEntry(entry);
      if (fact === undefined) continue;
      assert.deepEqual(entryFromFact(fact), entry);
      const again = chain(draftOf(fact), previousOf(entry), fact.recordedAt).entry;
      assert.equal(again.payloadDigest, entry.payloadDigest);
      assert.equal(again.payloadText, entry.payloadText);
      // A source key is part of the id and kept nowhere: only without one is the whole envelope the same.
      if (again.id === entry.id) assert.equal(again.hash, entry.hash);
    }
  });

  test(`the ledger ${name} folds: history, stock, releases, words`, () => {
    const history = emptyHistory(() => ({ packages: [], components: [] }));
    const [stock, known] = [emptyStock(), emptyKnownReleases()];
    for (const fact of readable(entries)) {
      evolve(history, fact);
      stockEvolve(stock, fact);
      learnRelease(known, fact);
      assert.ok(factWords(fact).length > 0);
    }
    assert.doesNotThrow(() => obligations(history, Temporal.Instant.from('2026-12-01T00:00:00Z')));
    assert.equal(history.seq, entries.length);
  });
}

test('every kind of fact stands in a golden ledger', () => {
  const types: Readonly<Record<FactType, true>> = {
    'advisory-recorded': true,
    'aliases-corrected': true,
    looked: true,
    'release-observed': true,
    'release-withdrawn': true,
    'stream-ended': true,
    'fix-verified': true,
    'line-declared': true,
    'policy-adopted': true,
    'package-built': true,
    'package-imported': true,
    'image-published': true,
    'image-confirmed': true,
    'image-withdrawn': true,
    'statement-made': true,
    'statement-withdrawn': true,
    'exception-granted': true,
    'exception-ended': true,
    'review-decided': true,
    'evidence-corrected': true,
    'head-signed': true,
    'payload-sealed': true,
    'payload-erased': true,
  };
  const found = files.flatMap((name) => readFileSync(join(folder, name), 'utf8').trimEnd().split('\n'));
  const read = new Set(readable(found.flatMap((line) => parseFactLine(line) ?? [])).map(({ type }) => type));
  assert.deepEqual([...read].toSorted(), Object.keys(types).toSorted());
});

function readable(entries: readonly ChainEntry[]): readonly Fact[] {
  return entries.flatMap((entry) => factFromEntry(entry) ?? []);
}

function previousOf({ seq, prev }: ChainEntry): { readonly seq: number; readonly hash: string } | null {
  return seq === 1 ? null : { seq: seq - 1, hash: prev };
}
