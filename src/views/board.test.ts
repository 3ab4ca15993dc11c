import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { NOW, obligation } from '../../test/support/obligation.ts';
import { board, summaryOf } from './board.ts';

const counts = (met: number, missed: number, overdue: number) => ({ met, missed, overdue });

test('summaryOf() of 412 met and one missed: in words', () => {
  const summary = summaryOf({ counts: counts(412, 1, 0), worstMarginSeconds: -7500 });
  assert.equal(summary.words, '412 of 413 met (99.8 %) · worst missed by 2 h 05 m · 0 overdue');
});

test('summaryOf() of 95 met and 5 overdue: overdue counts as missed', () => {
  const summary = summaryOf({ counts: counts(95, 0, 5), worstMarginSeconds: null });
  assert.equal(summary.words, '95 of 100 met (95.0 %) · none missed · 5 overdue');
});

test('summaryOf() of nothing due: no percentage is invented', () => {
  const summary = summaryOf({ counts: { waiting: 7 }, worstMarginSeconds: null });
  assert.equal(summary.metPercent, null);
  assert.equal(summary.words, 'nothing was due yet · none missed · 0 overdue');
});

test('summaryOf() of any counts: 100 % only if every one was met, and the population closes', () => {
  const count = fc.integer({ min: 0, max: 5_000_000 });
  fc.assert(
    fc.property(count, count, count, count, (met, missed, overdue, waiting) => {
      const all = { ...counts(met, missed, overdue), waiting };
      const summary = summaryOf({ counts: all, worstMarginSeconds: null });
      const whole = missed + overdue === 0;
      return (
        summary.population === met + missed + overdue + waiting &&
        (summary.due === 0 ? summary.metPercent === null : (summary.metPercent === 100) === whole)
      );
    }),
  );
});

const running = (vulnerability: string, t0: string, hours = 48) =>
  obligation({ vulnerability, line: 'nginx:1.28', standing: 'on-track', t0, hours });

const rowsOf = (...obligations: ReturnType<typeof obligation>[]) => ({
  obligations,
  counts: {},
  worstMarginSeconds: null,
});

test('board() at exactly a quarter of the time left: on track; a second later: at risk', () => {
  const due = NOW.add({ hours: 12 });
  const start = due.subtract({ hours: 48 }).toString();
  const shown = (now: Temporal.Instant) =>
    board(rowsOf(running('CVE-1', start)), { now }).groups.flatMap((group) => group.rows.map((row) => row.shown));
  assert.deepEqual(shown(NOW), ['on-track']);
  assert.deepEqual(shown(NOW.add({ seconds: 1 })), ['at-risk']);
});

test('board() of running ones: at risk before more urgent hours of a longer promise', () => {
  const atRisk = running('CVE-2026-0001', NOW.subtract({ hours: 300 }).toString(), 336);
  const sooner = running('CVE-2026-0002', NOW.subtract({ hours: 18 }).toString());
  const group = board(rowsOf(sooner, atRisk), { now: NOW }).groups[1];
  assert.deepEqual(
    group?.rows.map((row) => row.vulnerability),
    ['CVE-2026-0001', 'CVE-2026-0002'],
  );
  assert.equal(group?.atRisk, 1);
});

test('board() next: what a person can move comes before what a machine does', () => {
  const machine = running('CVE-2026-0001', NOW.subtract({ hours: 47 }).toString());
  const person = running('CVE-2026-0002', NOW.subtract({ hours: 2 }).toString());
  const reasons = new Map([[person.id, { who: 'person' as const, text: 'review' }]]);
  assert.equal(board(rowsOf(machine, person), { now: NOW, reasons }).next, 'suture explain CVE-2026-0002');
  assert.equal(board(rowsOf(machine), { now: NOW }).next, 'suture plan');
  assert.equal(board(rowsOf(), { now: NOW }).next, null);
});

test('board() of every open row: a reason, also without a plan', () => {
  const waiting = obligation({ vulnerability: 'CVE-3', line: 'a:1', standing: 'waiting', component: 'zlib' });
  const view = board(rowsOf(running('CVE-1', NOW.toString()), waiting), { now: NOW });
  assert.deepEqual(
    view.groups.flatMap((group) => group.rows.map((row) => row.reason)),
    [
      { who: 'machine', text: 'no step is planned yet: the next tick decides' },
      { who: 'upstream', text: 'no release of zlib has the fix yet' },
    ],
  );
});
