import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { DeclaredException } from '../core/catalog/catalog.ts';
import type { Fact, NewFact } from '../core/fact.ts';
import { emptyStock, stockEvolve } from '../core/plan/stock.ts';
import { factsFrom } from '../../test/support/literals.ts';
import { declareExceptions, refusedExceptions } from './declare-exceptions.ts';

const NOW = Temporal.Instant.from('2026-08-10T12:00:00Z');

function entry(change: Partial<DeclaredException> = {}): DeclaredException {
  return {
    kind: 'waiver',
    vulnerability: 'CVE-2026-1',
    line: 'hello:1',
    approver: 'Ada',
    reason: 'agreed',
    granted: '2026-08-01T00:00:00Z',
    until: '2026-09-01T00:00:00Z',
    at: 'exceptions.yaml:2:5',
    ...change,
  };
}

/** What the ledger says after an entry was stated on 2 August. */
function stockWith(...declared: readonly DeclaredException[]) {
  const stock = emptyStock();
  const at = Temporal.Instant.from('2026-08-02T00:00:00Z');
  const facts = declareExceptions(declared, stock, at).map((fact) => ({
    ...fact,
    at: { from: at, to: at },
    by: 'suture',
    evidence: [],
  }));
  for (const fact of factsFrom(facts)) stockEvolve(stock, fact);
  return stock;
}

const cases: readonly (readonly [string, DeclaredException[], DeclaredException[], string[]])[] = [
  ['new', [], [entry()], ['exception-granted']],
  ['as it was', [entry()], [entry()], []],
  ['renewed', [entry()], [entry({ until: '2026-10-01T00:00:00Z' })], ['exception-granted']],
  ['shortened', [entry()], [entry({ until: '2026-08-20T00:00:00Z' })], ['exception-ended', 'exception-granted']],
  ['with another reason', [entry()], [entry({ reason: 'other' })], ['exception-granted']],
  ['taken out', [entry()], [], ['exception-ended']],
  ['taken out when it was over', [entry({ until: '2026-08-10T12:00:00Z' })], [], []],
  ['over at this instant and never seen', [], [entry({ until: '2026-08-10T12:00:00Z' })], []],
  ['over a second later', [], [entry({ until: '2026-08-10T12:00:01Z' })], ['exception-granted']],
  ['beginning now', [], [entry({ granted: '2026-08-10T12:00:00Z' })], ['exception-granted']],
  ['beginning a second later', [], [entry({ granted: '2026-08-10T12:00:01Z' })], []],
  ['a hold beside a waiver', [entry()], [entry(), entry({ kind: 'hold' })], ['exception-granted']],
];
for (const [situation, before, now, types] of cases) {
  test(`declareExceptions() ${situation}: ${types.join(', ') || 'nothing to state'}`, () => {
    const stated = declareExceptions(now, stockWith(...before), NOW);
    assert.deepEqual(
      stated.map(({ type }) => type),
      types,
    );
  });
}

test('declareExceptions() of what was erased in the ledger: the running factory ends no more than one that starts anew', () => {
  const [first, renewed] = [entry(), entry({ until: '2026-10-01T00:00:00Z' })];
  const at = Temporal.Instant.from('2026-08-02T00:00:00Z');
  const said = { at: { from: at, to: at }, by: 'suture', evidence: [] };
  const granted = [first, renewed].map((each) => ({ ...declareExceptions([each], emptyStock(), at)[0], ...said }));
  const facts = factsFrom(granted as NewFact[]);
  const erased = (...gone: readonly Fact[]): readonly Fact[] =>
    factsFrom([
      ...(granted as NewFact[]),
      ...gone.map(
        ({ id }): NewFact => ({ ...said, type: 'payload-erased', payload: { fact: id, reason: 'asked for' } }),
      ),
    ]);
  const endsOf = (folded: readonly Fact[]): readonly string[] => {
    const stock = emptyStock();
    for (const fact of folded) stockEvolve(stock, fact);
    return declareExceptions([], stock, NOW).map(({ type }) => type);
  };
  for (const gone of [[], facts.slice(1), facts.slice(0, 1), facts]) {
    const running = erased(...gone);
    const anew = running.filter(({ id }) => !gone.some((each) => each.id === id));
    assert.deepEqual(endsOf(running), endsOf(anew));
    assert.deepEqual(endsOf(running), gone.length === 2 ? [] : ['exception-ended']);
  }
});

test('refusedExceptions() names what was over before it was seen, and not what merely ran out', () => {
  const over = entry({ until: '2026-08-10T12:00:00Z' });
  const [refused, ...others] = refusedExceptions([over], emptyStock(), NOW);
  assert.deepEqual(others, []);
  assert.equal(refused?.code, 'E0101');
  assert.equal(refused?.detail.at, 'exceptions.yaml:2:5');
  assert.deepEqual(refusedExceptions([over], stockWith(over), NOW), []);
});
