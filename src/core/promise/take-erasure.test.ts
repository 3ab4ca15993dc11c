import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Fact, FactPayloads, FactType, NewFact } from '../fact.ts';
import { digestOf } from '../digest.ts';
import { chain, draftOf } from '../ledger/envelope.ts';
import type { Component } from '../match/inventory.ts';
import { defaultPolicy } from './policy.ts';
import { emptyHistory, evolve, obligations } from './obligations.ts';

const day = (n: number) => Temporal.Instant.from('2026-03-01T00:00:00Z').add({ hours: 24 * n });
const component: Component = {
  purl: 'pkg:generic/hello@1.0.0',
  version: '1.0.0',
  scheme: 'semver',
  upstream: 'pkg:generic/hello',
  stream: '1.0',
  edge: 'is',
  package: 'hello',
  patched: [],
};
const vulnerability = 'CVE-2099-0001';
const line = 'hello:1';
const waiver = {
  kind: 'waiver',
  vulnerability,
  line,
  approver: 'Ada',
  reason: 'agreed',
  until: day(60).toString(),
} as const;

/** A critical flaw, fixed upstream on day 2, still in the line; a waiver from day 1 on. */
const story: readonly (readonly [number, FactType, unknown])[] = [
  [0, 'policy-adopted', { digest: digestOf('p'), from: day(0).toString(), policy: defaultPolicy }],
  [0, 'line-declared', { line, architectures: ['amd64'], supportUntil: null }],
  [
    0,
    'image-confirmed',
    { line, architecture: 'amd64', digest: digestOf('i'), inventory: digestOf('v'), advisorySet: digestOf('a') },
  ],
  [1, 'advisory-recorded', advisory()],
  [1, 'exception-granted', waiver],
  [
    2,
    'release-observed',
    {
      upstream: component.upstream,
      stream: '1.0',
      version: '1.0.1',
      form: 'git-tag',
      ref: 'v1.0.1',
      prerelease: false,
      verified: null,
    },
  ],
];

test('takeErasure() of a waiver: what it excluded is late, whether it was folded before or is not there any more', () => {
  const facts = chained(story);
  assert.deepEqual(standings(facts), ['excluded']);
  const granted = facts.find(({ type }) => type === 'exception-granted');
  const erased = chained([...story, [20, 'payload-erased', { fact: granted?.id, reason: 'asked for' }]]);
  assert.deepEqual(standings(erased), ['overdue']);
  // As the store gives it to a factory that starts anew: the payload is gone.
  assert.deepEqual(standings(erased.filter(({ type }) => type !== 'exception-granted')), ['overdue']);
});

test('takeErasure() of what may not be erased, or is not there, changes nothing', () => {
  const facts = chained(story);
  for (const { id } of facts.filter(({ type }) => type !== 'exception-granted')) {
    assert.deepEqual(standings(chained([...story, [20, 'payload-erased', { fact: id, reason: 'x' }]])), ['excluded']);
  }
  assert.deepEqual(standings(chained([...story, [20, 'payload-erased', { fact: 'none', reason: 'x' }]])), ['excluded']);
});

test('takeErasure() of a waiver that ended: its end excuses nothing either', () => {
  const ended = [...story, [10, 'exception-ended', { kind: 'waiver', vulnerability, line, reason: 'over' }]] as const;
  const granted = chained(ended).find(({ type }) => type === 'exception-granted');
  const before = standings(chained(ended));
  const after = standings(chained([...ended, [20, 'payload-erased', { fact: granted?.id, reason: 'x' }]]));
  assert.deepEqual([before, after], [['overdue'], ['overdue']]);
});

function standings(facts: readonly Fact[]): readonly string[] {
  const history = emptyHistory(() => ({ packages: [], components: [component] }));
  for (const fact of facts) evolve(history, fact);
  return obligations(history, day(30)).map(({ standing }) => standing);
}

function chained(given: readonly (readonly [number, FactType, unknown])[]): readonly Fact[] {
  const made: Fact[] = [];
  for (const [at, type, payload] of given) {
    const fact = {
      type,
      payload,
      at: { from: day(at), to: day(at) },
      by: 'suture',
      evidence: [],
    } as unknown as NewFact;
    made.push(chain(draftOf(fact), made.at(-1) ?? null, day(at)).fact);
  }
  return made;
}

function advisory(): FactPayloads['advisory-recorded'] {
  return {
    id: vulnerability,
    source: 'osv',
    aliases: [],
    summary: '',
    published: day(1).toString(),
    modified: day(1).toString(),
    withdrawn: null,
    severities: [{ source: 'cna', type: 'label', vector: null, score: null, level: 'critical' }],
    affected: [
      {
        package: component.upstream,
        stream: null,
        scheme: 'semver',
        ranges: [{ introduced: '0', fixed: '1.0.1', lastAffected: null }],
        versions: [],
      },
    ],
    exploitedSince: null,
    epss: null,
    malicious: false,
  };
}
