import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { FactOf, FactType } from '../fact.ts';
import { sha256 } from '../ledger/sha256.ts';
import { FiledFacts } from './filed-facts.ts';

const subject = { kind: 'policies' } as const;

function factAt(seq: number): FactOf<FactType> {
  const at = Temporal.Instant.fromEpochMilliseconds(seq * 1000);
  const recordedAt = at.add({ seconds: 5 });
  return { id: sha256(`${seq}`), seq, recordedAt, at: { from: at, to: at.add({ seconds: 1 }) } } as FactOf<FactType>;
}

test('FiledFacts keep what each fact says and when, more than their first columns hold', () => {
  const filed = new FiledFacts();
  const facts = Array.from({ length: 1000 }, (_, n) => filed.file(factAt(n + 1), { says: n, subject }));
  for (const [n, { fact, seq, recordedAt, from, to, says }] of facts.entries()) {
    const second = (n + 1) * 1000;
    assert.deepEqual(
      { fact, seq, recordedAt, from, to, says },
      { fact: sha256(`${n + 1}`), seq: n + 1, recordedAt: second + 5000, from: second, to: second + 1000, says: n },
    );
  }
});

test('FiledFacts move one fact and no other; one that was removed has no subject any more', () => {
  const filed = new FiledFacts();
  const [first, second] = [1, 2].map((seq) => filed.file(factAt(seq), { says: null, subject }));
  filed.move(sha256('1'), { from: 7, to: 8 });
  assert.deepEqual([first?.from, first?.to, second?.from, second?.to], [7, 8, 2000, 3000]);
  filed.remove(sha256('1'));
  assert.deepEqual([filed.subjectOf(sha256('1')), filed.subjectOf(sha256('2'))], [undefined, subject]);
  assert.equal(filed.subjectOf('never filed'), undefined);
});
