import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { digestOf } from '../digest.ts';
import type { NewFact } from '../fact.ts';
import { canonicalJson } from './canonical-json.ts';
import {
  beforeFirst,
  chain,
  chainHash,
  draftOf,
  entryFromFact,
  envelopeText,
  factFromEntry,
  factFromJson,
  factToJson,
} from './envelope.ts';
import { factId } from './fact-id.ts';

const at = (text: string) => Temporal.Instant.from(text);
const fact: NewFact = {
  type: 'release-withdrawn',
  at: { from: at('2026-03-01T10:00:00Z'), to: at('2026-03-01T10:00:00.5Z') },
  by: 'suture',
  payload: { upstream: 'pkg:generic/hello', version: '1.0.1', reason: 'yanked' },
  evidence: [digestOf('an answer')],
};
const recordedAt = at('2026-03-01T10:00:01Z');

test('chain() gives the first fact seq 1 and 64 zeros before it, the next one the hash of the first', () => {
  const first = chain(draftOf(fact), null, recordedAt);
  assert.deepEqual([first.fact.seq, first.fact.prev, first.fact.id], [1, beforeFirst, factId(fact)]);
  const second = chain(draftOf({ ...fact, sourceKey: 'again' }), first.entry, recordedAt);
  assert.deepEqual([second.fact.seq, second.fact.prev], [2, first.fact.hash]);
  assert.equal('sourceKey' in second.fact, false);
});

test('chainHash() is SHA-256 of prev and canonical bytes, and is pinned: hashes are for ever', () => {
  const { entry } = chain(draftOf(fact), null, recordedAt);
  const envelope =
    '{"at":{"from":"2026-03-01T10:00:00Z","to":"2026-03-01T10:00:00.5Z"},"by":"suture",' +
    `"evidence":["${digestOf('an answer')}"],"id":"${factId(fact)}",` +
    `"payloadDigest":"${digestOf(canonicalJson(fact.payload))}","recordedAt":"2026-03-01T10:00:01Z",` +
    '"type":"release-withdrawn","v":1}';
  assert.equal(`sha256:${entry.hash}`, digestOf(beforeFirst + envelope));
  assert.equal(entry.hash, '6d8a96c375fbc0180a5a8de4063088632e821f8694d1b0e683279fdbfe8f222c');
});

test('envelopeText() is the canonical JSON of the envelope, whatever stands in it', () => {
  const text = fc.string({ unit: 'grapheme' });
  const envelopes = fc.record({
    v: fc.constant(1),
    id: text,
    type: text,
    at: fc.record({ from: text, to: text }),
    recordedAt: text,
    by: text,
    payloadDigest: text,
    evidence: fc.array(text),
  });
  fc.assert(fc.property(envelopes, (envelope) => assert.equal(envelopeText(envelope), canonicalJson(envelope))));
});

test('chainHash() does not look at the payload: sealed or erased, the chain stays whole', () => {
  const { entry } = chain(draftOf(fact), null, recordedAt);
  const sealed = { ...entry, payloadText: null };
  assert.equal(chainHash(entry.prev, sealed), entry.hash);
  assert.equal(factFromEntry(sealed), undefined);
});

test('factFromJson(), factFromEntry() and their ways back: the same fact', () => {
  const { fact: whole, entry } = chain(draftOf(fact), null, recordedAt);
  const json = factToJson(whole);
  assert.deepEqual(factToJson(factFromJson(JSON.parse(JSON.stringify(json)))), json);
  assert.deepEqual(entryFromFact(whole), entry);
  const back = factFromEntry(entry);
  assert.ok(back !== undefined && back.at.to.equals(fact.at.to) && back.recordedAt.equals(recordedAt));
  assert.deepEqual(factToJson(back), json);
});
