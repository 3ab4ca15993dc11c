import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { FactLine } from './evidence.ts';
import { withheldFacts, withheldWords } from './withheld-facts.ts';

const until = '2026-09-01T00:00:00Z';

function line(seq: number, type: string, payload?: object): FactLine {
  const at = { from: until, to: until };
  const envelope = { v: 1, id: `id ${seq}`, type, at, recordedAt: until, by: 'test', payloadDigest: '', evidence: [] };
  return { ...envelope, seq, prev: '', hash: '', ...(payload === undefined ? {} : { payload }) };
}

test('withheldFacts() tells sealed from erased from what is open again or bears nothing', () => {
  const lines = [
    line(1, 'advisory-recorded'),
    line(2, 'payload-sealed', { fact: 'id 1', until }),
    line(3, 'advisory-recorded', {}),
    line(4, 'payload-sealed', { fact: 'id 3', until }),
    line(5, 'exception-granted'),
    line(6, 'payload-erased', { fact: 'id 5', reason: 'asked for' }),
    line(7, 'looked'),
  ];
  assert.deepEqual(withheldFacts(lines), [
    { seq: 1, type: 'advisory-recorded', until },
    { seq: 5, type: 'exception-granted', until: null },
  ]);
});

test('withheldWords() names each with type and date, up to twenty', () => {
  const { sealed, erased } = withheldWords([
    { seq: 1, type: 'advisory-recorded', until },
    { seq: 5, type: 'exception-granted', until: null },
  ]);
  assert.match(sealed, /^What one fact says is sealed.*: fact 1 \(advisory-recorded\) until 2026-09-01T00:00:00Z\.$/);
  assert.match(erased, /^What one fact says is erased and counts as not said.*: fact 5 \(exception-granted\)\.$/);
  const many = Array.from({ length: 22 }, (_, index) => ({ seq: index + 1, type: 'looked', until }));
  assert.match(withheldWords(many).sealed, /^What 22 facts say is sealed.* fact 20 \(looked\) until \S+, 2 more\.$/);
  assert.deepEqual(withheldWords([]), { sealed: '', erased: '' });
});
