import assert from 'node:assert/strict';
import { test } from 'node:test';
import { factsFrom } from '../../../test/support/literals.ts';
import type { Fact, NewFact } from '../fact.ts';
import { emptyKnownReleases, learnRelease } from './known-releases.ts';

const subject = 'release pkg:generic/hello@1.0.1 4f2c';
const at = Temporal.Instant.from('2026-03-01T00:00:00Z');
const said = { at: { from: at, to: at }, by: 'a person', evidence: [] };
const decided = (...decisions: readonly ('approved' | 'rejected')[]): readonly NewFact[] =>
  decisions.map((decision) => ({ ...said, type: 'review-decided', payload: { subject, decision, reason: decision } }));

const cases: readonly (readonly [string, readonly NewFact[], number | null, 'approved' | 'rejected' | undefined])[] = [
  ['nobody decided', [], null, undefined],
  ['approved', decided('approved'), null, 'approved'],
  ['approved, then erased', decided('approved'), 0, undefined],
  ['rejected, then approved', decided('rejected', 'approved'), null, 'approved'],
  ['rejected, then approved, the approval erased', decided('rejected', 'approved'), 1, 'rejected'],
  ['rejected, then approved, the rejection erased', decided('rejected', 'approved'), 0, 'approved'],
];

for (const [situation, decisions, erased, expected] of cases) {
  test(`learnRelease() of what is ${situation}: the same in a running factory as in one that starts anew`, () => {
    const id = erased === null ? 'none' : factsFrom(decisions)[erased]?.id;
    const erasure: NewFact = { ...said, type: 'payload-erased', payload: { fact: id ?? '', reason: 'asked for' } };
    const running = factsFrom([...decisions, erasure]);
    assert.equal(decisionAfter(running), expected);
    // As the store gives it later: the payload is gone.
    assert.equal(decisionAfter(running.filter((fact) => fact.id !== id)), expected);
  });
}

function decisionAfter(facts: readonly Fact[]): string | undefined {
  const known = emptyKnownReleases();
  for (const fact of facts) learnRelease(known, fact);
  return known.decisions.get(subject);
}
