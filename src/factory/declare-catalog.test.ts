import assert from 'node:assert/strict';
import { test } from 'node:test';
import { catalog, factsFrom, instant, line } from '../../test/support/literals.ts';
import type { LinePackage } from '../core/catalog/catalog.ts';
import type { NewFact } from '../core/fact.ts';
import { emptyStock, stockEvolve } from '../core/plan/stock.ts';
import { declareCatalog } from './declare-catalog.ts';

test('declareCatalog() states what a line is held at, and anew when that changes', async () => {
  const stock = emptyStock();
  const declare = async (bound: LinePackage['bound']) => {
    const packages = [{ name: 'hello', bound, note: 'ada: ask her first', at: 'lines/hello.yaml:3:7' }];
    const held = catalog({ lines: [line({ packages })] });
    const said: NewFact[] = [];
    const append = async (facts: readonly NewFact[]) => {
      said.push(...facts);
      const appended = factsFrom(facts);
      for (const fact of appended) stockEvolve(stock, fact);
      return appended;
    };
    const clock = { now: () => instant('2026-03-02T14:00:00Z') };
    await declareCatalog(held, { stock, declared: null }, { clock, facts: { append } });
    return said.flatMap((fact) => (fact.type === 'line-declared' ? [fact.payload.held] : []));
  };
  const below = { operator: '<', version: '1.0.1' } as const;
  assert.deepEqual(await declare(below), [[{ name: 'hello', bound: '<1.0.1' }]]);
  assert.deepEqual(await declare(below), []);
  assert.deepEqual(await declare({ ...below, version: '1.0.2' }), [[{ name: 'hello', bound: '<1.0.2' }]]);
  assert.deepEqual(await declare({ operator: '>=', version: '1.0.2' }), [undefined], 'it keeps nothing newer out');
  assert.deepEqual(await declare(null), []);
});
