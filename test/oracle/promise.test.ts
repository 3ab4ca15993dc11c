import assert from 'node:assert/strict';
import { test } from 'node:test';
import { obligations } from '../../src/core/promise/obligations.ts';
import type { Obligation } from '../../src/core/promise/standing.ts';
import { fixtureFile } from '../support/fixtures.ts';
import { instant } from '../support/literals.ts';
import { historyOf, ledgerOf, policyWith, type Told } from '../support/promise-story.ts';

interface PromiseCase {
  readonly name: string;
  readonly policy?: Parameters<typeof policyWith>[0];
  readonly facts: readonly Told[];
  readonly now: string;
  readonly expect: Readonly<Record<string, Readonly<Record<string, Figures>>>>;
}

interface Figures {
  readonly standing: string;
  readonly t0: string | null;
  readonly due: string | null;
  readonly t1: string | null;
  readonly missedAt: string | null;
  readonly marginSeconds: number | null;
}

test('obligations() gives the figures of the owners of the promise, case by case', async (t) => {
  const text = fixtureFile(t, 'promise-cases.json');
  if (text === undefined) return;
  const cases = JSON.parse(text) as readonly PromiseCase[];
  assert.ok(cases.length > 0);
  for (const each of cases) await t.test(each.name, () => assert.deepEqual(figuresOf(each), each.expect));
});

function figuresOf({ policy = {}, facts, now }: PromiseCase): PromiseCase['expect'] {
  const adopted = { type: 'policy-adopted', at: '2000-01-01T00:00:00Z', from: '2000-01-01T00:00:00Z' } as const;
  const story: readonly Told[] = [{ ...adopted, policy: policyWith(policy) }, ...facts];
  const byLine: Record<string, Record<string, Figures>> = {};
  for (const obligation of obligations(historyOf(ledgerOf(story, now)), instant(now))) {
    byLine[obligation.line] = { ...byLine[obligation.line], [obligation.vulnerability]: figures(obligation) };
  }
  return byLine;
}

function figures({ standing, clock }: Obligation): Figures {
  const { t0, due, t1, missedAt, marginSeconds } = clock;
  const text = (at: Temporal.Instant | null): string | null => at?.toString() ?? null;
  return { t0: text(t0), due: text(due), t1: text(t1), missedAt: text(missedAt), marginSeconds, standing };
}
