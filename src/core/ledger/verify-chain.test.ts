import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { Fact, NewFact } from '../fact.ts';
import { chain, chainHash, type ChainEntry, draftOf, entryFromFact } from './envelope.ts';
import { payloadDigest } from './fact-id.ts';
import type { SignedHead } from './head-signing.ts';
import { type ChainTrust, chainVerifier, verifyChain } from './verify-chain.ts';

const start = Temporal.Instant.from('2026-03-01T10:00:00Z');

/** Six facts, a second apart. */
const facts: readonly Fact[] = ledger(['1.0.0', '1.0.1', '1.0.2', '1.0.3', '1.0.4', '1.0.5']);
const entries: readonly ChainEntry[] = facts.map(entryFromFact);
const head = { seq: 6, hash: facts[5]?.hash ?? '' };

test('verifyChain() finds nothing in what was appended, at once or in parts', () => {
  const whole = verifyChain(facts, { heads: [head] });
  assert.deepEqual([whole.findings, whole.end], [[], { ...head, recordedAt: '2026-03-01T10:00:05Z' }]);
  const first = verifyChain(facts.slice(0, 4));
  assert.deepEqual(verifyChain(facts.slice(4), { from: first.end }), whole);
  assert.deepEqual(verifyChain([]).findings, []);
});

const tampered: readonly {
  readonly what: string;
  readonly entries: readonly ChainEntry[];
  readonly trust?: ChainTrust;
  readonly findings: readonly string[];
}[] = [
  { what: 'the name of who said it flipped', entries: change(3, { by: 'suturf' }), findings: ['3 hash'] },
  { what: 'the world time moved', entries: change(3, { at: { from: 'x', to: 'y' } }), findings: ['3 hash'] },
  {
    what: 'evidence taken away and its hash made anew',
    entries: change(3, rehashed(at(3), { evidence: [] })),
    findings: ['4 prev'],
  },
  {
    what: 'a stored hash flipped',
    entries: change(3, { hash: at(3).hash.replace(/^./, flip) }),
    findings: ['3 hash', '4 prev'],
  },
  { what: 'a payload changed', entries: change(3, { payloadText: '{"upstream":"evil"}' }), findings: ['3 payload'] },
  {
    what: 'two payloads swapped',
    entries: change(3, { payloadText: at(4).payloadText }, change(4, { payloadText: at(3).payloadText })),
    findings: ['3 payload', '4 payload'],
  },
  {
    what: 'a payload changed with its digest',
    entries: change(3, { payloadText: '{}', payloadDigest: payloadDigest('{}') }),
    findings: ['3 hash'],
  },
  { what: 'a fact deleted', entries: entries.toSpliced(2, 1), findings: ['4 gap'] },
  { what: 'two facts deleted', entries: entries.toSpliced(2, 2), findings: ['5 gap'] },
  { what: 'the first fact deleted', entries: entries.slice(1), findings: ['2 gap'] },
  {
    what: 'a fact deleted and the rest numbered anew',
    entries: renumbered(entries.toSpliced(2, 1)),
    findings: ['3 prev'],
  },
  {
    what: 'two facts in the other order',
    entries: swapped(),
    findings: ['4 gap', '3 order', '3 recorded-at', '5 gap'],
  },
  {
    what: 'two facts in the other order, numbered anew',
    entries: renumbered(swapped()),
    findings: ['3 prev', '4 prev', '4 recorded-at', '5 prev'],
  },
  { what: 'a fact twice', entries: renumbered(entries.toSpliced(3, 0, at(3))), findings: ['4 prev', '4 duplicate'] },
  {
    what: 'recorded before the one before it, hashes made anew',
    entries: change(6, rehashed(at(6), { recordedAt: '2026-03-01T10:00:03.999999Z' })),
    findings: ['6 recorded-at'],
  },
  { what: 'cut short', entries: entries.slice(0, 4), trust: { heads: [head] }, findings: ['4 head'] },
  {
    what: 'written anew from one fact on',
    entries: ledger(['1.0.0', '1.0.1', '9.9.9', '1.0.3', '1.0.4', '1.0.5']).map(entryFromFact),
    trust: { heads: [head] },
    findings: ['6 head'],
  },
];

for (const { what, entries: given, trust, findings } of tampered) {
  test(`chainVerifier() names it: ${what}`, () => {
    const verifier = chainVerifier(trust);
    for (const entry of given) verifier.add(entry);
    const found = verifier.verdict().findings;
    assert.deepEqual(
      found.map(({ seq, kind }) => `${seq} ${kind}`),
      findings,
    );
    for (const { seq, message } of found) assert.match(message, new RegExp(`\\b${seq}\\b`));
  });
}

test('chainVerifier() accepts a payload that is gone only where the chain says that it was sealed or erased', () => {
  const waiver: NewFact = {
    type: 'exception-granted',
    at: { from: start, to: start },
    by: 'a person',
    payload: { kind: 'waiver', vulnerability: 'CVE-1', line: 'a:1', approver: 'Ada', reason: 'x', until: 'y' },
    evidence: [],
  };
  const granted = chainOf([waiver])[0]?.fact.id ?? '';
  const looks = ['1', '2'].map(looked);
  const lookId = chainOf(looks)[0]?.fact.id ?? '';
  const cases: readonly (readonly [readonly NewFact[], number, readonly string[]])[] = [
    [[waiver, looked('1')], 1, ['1 absent']],
    [[waiver, looked('1'), about('payload-erased', granted)], 1, []],
    [[looked('1'), about('payload-erased', lookId)], 1, ['2 absent']],
    [[looked('1'), about('payload-sealed', lookId)], 1, []],
    [[looked('1'), looked('2'), about('payload-sealed', lookId)], 1, ['1 absent', '3 absent']],
    [[looked('1'), about('payload-sealed', lookId, later(1))], 1, ['2 absent']],
    [[looked('1'), about('payload-sealed', lookId, 'some day')], 1, ['2 absent']],
  ];
  for (const [given, absent, expected] of cases) {
    const verifier = chainVerifier();
    for (const { entry } of chainOf(given))
      verifier.add(entry.seq === absent ? { ...entry, payloadText: null } : entry);
    const found = verifier.verdict().findings.map(({ seq, kind }) => `${seq} ${kind}`);
    assert.deepEqual(found, expected);
  }
});

const signedCases: readonly (readonly [string, Partial<SignedHead>, ChainTrust, readonly string[], number])[] = [
  ['good', {}, { judge: () => 'good', mustBeSigned: true }, [], 2],
  ['signature of another head', {}, { judge: () => 'wrong' }, ['3 signature'], 0],
  ['a key that is not trusted', {}, { judge: () => 'stranger' }, ['3 signature'], 0],
  ['history before it written anew', { hash: 'f'.repeat(64) }, { judge: () => 'good' }, ['3 signature'], 0],
  ['a head that speaks of itself', { seq: 3 }, { judge: () => 'good' }, ['3 signature'], 0],
  [
    'none, where one is asked for',
    { seq: -1 },
    { judge: () => 'good', mustBeSigned: true },
    ['3 signature', '3 signature'],
    0,
  ],
];

for (const [what, changed, trust, expected, upTo] of signedCases) {
  test(`chainVerifier() judges signed heads: ${what}`, () => {
    const two = chainOf(['1', '2'].map(looked));
    const payload = { seq: 2, hash: two[1]?.entry.hash ?? '', keyId: 'k', signature: 's', ...changed };
    const whole = chainOf([...['1', '2'].map(looked), { ...looked('3'), type: 'head-signed', payload } as NewFact]);
    const verifier = chainVerifier(trust);
    for (const { entry } of whole) verifier.add(entry);
    const { findings, signed } = verifier.verdict();
    const found = findings.map(({ seq, kind }) => `${seq} ${kind}`);
    assert.deepEqual([found, signed.upTo], [expected, upTo]);
  });
}

test('verifyChain() finds any one character of any fact that is changed', () => {
  const positions = fc.record({ index: fc.nat(5), offset: fc.nat(2000) });
  fc.assert(
    fc.property(positions, ({ index, offset }) => {
      const entry = entries[index];
      if (entry === undefined) return;
      const changed = flippedAt(entry, offset);
      const verifier = chainVerifier({ heads: [head] });
      for (const each of entries.with(index, changed)) verifier.add(each);
      assert.notDeepEqual(verifier.verdict().findings, []);
    }),
  );
});

/** One letter or digit of the entry's JSON made another. */
function flippedAt(entry: ChainEntry, offset: number): ChainEntry {
  const names = ['id', 'type', 'recordedAt', 'by', 'payloadDigest', 'prev', 'hash', 'payloadText'] as const;
  const name = names[offset % names.length] ?? 'id';
  const text = entry[name] ?? '';
  const place = offset % text.length;
  return { ...entry, [name]: text.slice(0, place) + flip(text.charAt(place)) + text.slice(place + 1) };
}

function flip(character: string): string {
  return character === '0' ? '1' : '0';
}

function chainOf(given: readonly NewFact[]) {
  const made: ReturnType<typeof chain>[] = [];
  for (const fact of given) made.push(chain(draftOf(fact), made.at(-1)?.entry ?? null, start));
  return made;
}

function about(type: 'payload-sealed' | 'payload-erased', fact: string, until = later(0)): NewFact {
  return { ...looked('x'), type, payload: { fact, until, reason: 'asked for' } } as NewFact;
}

function later(seconds: number): string {
  return start.add({ hours: 24 * 366, seconds }).toString();
}

function ledger(versions: readonly string[]): readonly Fact[] {
  const made: Fact[] = [];
  for (const [index, version] of versions.entries()) {
    const recordedAt = start.add({ seconds: index });
    made.push(chain(draftOf(looked(version)), made.at(-1) ?? null, recordedAt).fact);
  }
  return made;
}

function looked(version: string): NewFact {
  const payload = { upstream: 'pkg:generic/hello', form: 'git-tag', versions: [version] } as const;
  return { type: 'looked', at: { from: start, to: start }, by: 'suture', payload, evidence: [payloadDigest(version)] };
}

function at(seq: number): ChainEntry {
  const entry = entries[seq - 1];
  assert.ok(entry !== undefined);
  return entry;
}

function change(seq: number, to: Partial<ChainEntry>, from = entries): readonly ChainEntry[] {
  return from.with(seq - 1, { ...at(seq), ...to });
}

function rehashed(entry: ChainEntry, to: Partial<ChainEntry>): ChainEntry {
  const changed = { ...entry, ...to };
  return { ...changed, hash: chainHash(changed.prev, changed) };
}

function swapped(): readonly ChainEntry[] {
  return entries.with(2, at(4)).with(3, at(3));
}

function renumbered(given: readonly ChainEntry[]): readonly ChainEntry[] {
  return given.map((entry, index) => ({ ...entry, seq: index + 1 }));
}
