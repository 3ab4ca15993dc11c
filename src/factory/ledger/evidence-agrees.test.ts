import assert from 'node:assert/strict';
import { test } from 'node:test';
import { digestOf } from '../../core/digest.ts';
import type { ChainEntry } from '../../core/ledger/envelope.ts';
import { keepAnswer } from '../../formats/http/kept-answer.ts';
import { disagreement } from './evidence-agrees.ts';

const manifest = digestOf('the manifest');
const index = Buffer.from(`{"manifests":[{"digest":"${manifest}"}]}`);
const answer = (date: string, body: Uint8Array) => keepAnswer({ status: 200, headers: { date }, body });
const IN_TIME = 'Tue, 03 Mar 2026 18:12:00 GMT';
const confirmed = entry('image-confirmed', { line: 'a:1', digest: manifest });
const listing = Buffer.from(`${'a'.repeat(40)}\trefs/tags/v1.0.1\n${'b'.repeat(40)}\trefs/tags/v1.0.1^{}\n`);
const observed = entry('release-observed', { form: 'git-tag', ref: 'v1.0.1', objectId: 'a'.repeat(40) });

const rows: readonly [what: string, of: ChainEntry, answers: readonly Uint8Array[], says: RegExp | null][] = [
  ['a pull of the index, in that second', confirmed, [answer(IN_TIME, index)], null],
  ['a pull of the manifest alone', confirmed, [answer(IN_TIME, Buffer.from('the manifest'))], null],
  [
    'a pull a second later',
    confirmed,
    [answer('Tue, 03 Mar 2026 18:12:01 GMT', index)],
    /answered at 2026-03-03T18:12:01Z/,
  ],
  ['a pull without a Date', confirmed, [keepAnswer({ status: 200, headers: {}, body: index })], /has no Date/],
  ['a pull of something else', confirmed, [answer(IN_TIME, Buffer.from('{}'))], /did not answer with sha256:/],
  ['a fact of a former version, which names no answer', confirmed, [], null],
  ['evidence of another kind', confirmed, [Buffer.from('{}')], null],
  ['a listing with the tag', observed, [Buffer.from('{}'), listing], null],
  [
    'a listing without it',
    observed,
    [Buffer.from(`${'c'.repeat(40)}\trefs/tags/v1.0.1\n`)],
    /no answer lists the tag v1\.0\.1/,
  ],
  ['a payload that is sealed', { ...observed, payloadText: null }, [listing], null],
];

for (const [what, of, answers, says] of rows) {
  test(`disagreement() ${says === null ? 'is none' : 'is told'}: ${what}`, () => {
    const told = disagreement(of, answers);
    if (says === null) assert.equal(told, null);
    else assert.match(told ?? '', says);
  });
}

function entry(type: string, payload: object): ChainEntry {
  return {
    v: 1,
    id: 'a',
    type,
    at: { from: '2026-03-03T18:12:00Z', to: '2026-03-03T18:12:01Z' },
    recordedAt: '2026-03-03T18:12:02Z',
    by: 'suture',
    payloadDigest: '',
    evidence: [],
    seq: 1,
    prev: '',
    hash: '',
    payloadText: JSON.stringify(payload),
  };
}
