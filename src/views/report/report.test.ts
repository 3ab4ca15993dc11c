import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { decodeInventory } from '../../core/match/inventory-json.ts';
import { defaultPolicy } from '../../core/promise/policy.ts';
import { chainedLedger, type ChainedLedger } from '../../../test/support/chained-ledger.ts';
import { instant } from '../../../test/support/literals.ts';
import { ledgerOf } from '../../../test/support/promise-story.ts';
import { anything, later, storyOf } from '../../../test/support/random-promise.ts';
import { reportLedger } from '../../../test/support/report-story.ts';
import { ReportFold } from './fold.ts';
import { parsePeriod } from './period.ts';
import { promiseWords } from './report-words.ts';
import { reportJson } from './report-json.ts';
import { type ReportQuestion, reportView } from './report.ts';
import { piecesOf } from './stages.ts';
import { obligations } from '../../core/promise/obligations.ts';

const NOW = instant('2026-08-02T11:30:00Z');

describe('reportView() of a quarter in which everything happens once', () => {
  const view = reportView(folded(reportLedger()), question({}));

  test('the percentage: overdue is in the denominator, the waiver is not', () => {
    assert.deepEqual(view.shares.counts.all, { met: 3, missed: 3, overdue: 1, due: 7, percent: 42.86 });
  });

  test('every standing is counted once, and the sum closes', () => {
    const { count, counts, sum, closes } = view.population;
    assert.deepEqual({ count, sum, closes }, { count: 24, sum: 24, closes: true });
    assert.equal(
      Object.values(counts).every((each) => each > 0),
      true,
    );
  });

  test('exclusions: by whom, until when, and how many they took out', () => {
    assert.deepEqual(
      view.exclusions.waivers.map(({ approver, removed, until }) => [approver, removed, until.toString()]),
      [['test', 1, '2026-09-01T00:00:00Z']],
    );
  });

  test('a correction: the margin before it and after it', () => {
    assert.deepEqual(
      view.corrections.map(({ changed }) => changed),
      [
        [
          {
            vulnerability: 'CVE-2026-1002',
            line: 'web:2',
            before: { standing: 'missed', marginSeconds: -7201 },
            after: { standing: 'missed', marginSeconds: -3601 },
          },
        ],
      ],
    );
  });

  test('a policy that came into force in the period is listed, with when', () => {
    assert.deepEqual(
      view.policies.changes.map(({ from }) => from?.toString()),
      ['2026-07-29T00:00:00Z'],
    );
  });

  test('half were fixed after 50 h, with those that are still open counted', () => {
    const [critical] = view.fixTimes;
    assert.deepEqual([critical?.survival.ended, critical?.survival.censored], [6, 3]);
    assert.equal(critical?.survival.quartiles.median, 50 * 3600 + 1);
  });
});

test('reportView() of another quarter: what ended before it is not in it', () => {
  const late = question({ period: parsePeriod('2026-08', NOW) });
  const ids = reportView(folded(reportLedger()), late).rows.map(({ vulnerability }) => vulnerability);
  assert.deepEqual([...new Set(ids)], ['CVE-2026-1006', 'CVE-2026-1007', 'CVE-2026-1008']);
});

test('reportView() what if: other hours, shown beside what was promised, which stays', () => {
  const whatIf = {
    ...defaultPolicy,
    name: 'week',
    promise: { ...defaultPolicy.promise, critical: 604_800, high: 604_800 },
  };
  const view = reportView(folded(reportLedger()), question({ whatIf }));
  assert.equal(view.shares.counts.all.percent, 42.86);
  assert.equal(view.whatIf?.shares.all.percent, 100);
});

test('reportView() sample: the same rows for a seed, others for another', () => {
  const ids = (seed: string) => reportView(folded(reportLedger()), question({ sample: { size: 5, seed } })).sample?.ids;
  assert.deepEqual(ids('4711'), ids('4711'));
  assert.notDeepEqual(ids('4711'), ids('4712'));
  assert.equal(new Set(ids('4711')).size, 5);
});

test('reportView() whatever happened: the sum closes, no row stands twice, and the same question gives the same answer', () => {
  fc.assert(
    fc.property(storyOf(anything, true), fc.integer({ min: 0, max: 60 }), (story, day) => {
      const ledger = chainedLedger(ledgerOf(story));
      const asOf = instant(later(24 * 70));
      const from = instant(later(24 * (day - 5)));
      const asked = question({ asOf, period: { name: 'some', from, to: from.add({ hours: 24 * 9 }) } });
      const view = reportView(folded(ledger), asked);
      assert.equal(view.population.closes, true);
      assert.equal(view.population.count, view.rows.length);
      assert.equal(JSON.stringify(reportJson(view)), JSON.stringify(reportJson(reportView(folded(ledger), asked))));
    }),
    { numRuns: 60 },
  );
});

test('piecesOf() whatever happened: the stages add up to the time from start to stop', () => {
  fc.assert(
    fc.property(storyOf(anything, true), (story) => {
      const ledger = folded(chainedLedger(ledgerOf(story)));
      for (const each of obligations(ledger.history, instant(later(24 * 70)))) {
        const { t0, t1 } = each.clock;
        if (t0 === null || t1 === null) continue;
        const total = piecesOf(each, ledger).reduce((sum, { seconds }) => sum + seconds, 0);
        assert.ok(Math.abs(total - (t1.epochMilliseconds - t0.epochMilliseconds) / 1000) < 7, `${total}`);
      }
    }),
    { numRuns: 60 },
  );
});

function folded({ facts, inventories }: ChainedLedger): ReportFold {
  const decoded = new Map([...inventories].map(([digest, bytes]) => [digest, decodeInventory(bytes)]));
  const fold = new ReportFold((digest) => decoded.get(digest));
  for (const fact of facts) fold.add(fact);
  return fold;
}

function question(more: Partial<ReportQuestion>): ReportQuestion {
  const period = parsePeriod('2026-Q3', NOW);
  return { period, asOf: NOW, line: null, whatIf: null, sample: null, notice: null, catalog: 'acme', ...more };
}

test('reportView() of a period before the first policy says that nothing was promised yet', () => {
  const early = reportView(folded(reportLedger()), question({ period: parsePeriod('2020-Q1', NOW) }));
  assert.equal(early.policies.wasAdopted, false);
  assert.match(promiseWords(early.policies), /^nothing was promised yet; judged by the policy adopted first, at 2026-/);
});
