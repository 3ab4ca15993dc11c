import assert from 'node:assert/strict';
import { test } from 'node:test';
import { NOW, obligation } from '../../test/support/obligation.ts';
import type { Obligation } from '../core/promise/standing.ts';
import { rowOf, type Why } from './row.ts';

const t0 = '2026-07-28T10:00:00Z';
const about = { vulnerability: 'CVE-2026-1', line: 'hello:1', t0 };
const overdue = obligation({ ...about, standing: 'overdue' });
const missed = obligation({ ...about, standing: 'missed', t1: '2026-08-01T10:00:00Z' });
const held = { hold: { approver: 'ada', reason: 'the fair', until: NOW.add({ hours: 1 }) } };
const stuck: Why = { who: 'machine', text: 'The builders have no disk; tried again at noon' };

const cases: readonly (readonly [string, Obligation, Why | undefined, Why])[] = [
  ['open: what the plan says', overdue, stuck, stuck],
  [
    'open and on hold: both',
    { ...overdue, ...held },
    stuck,
    { ...stuck, text: `${stuck.text}; held by ada until 2026-08-02: the fair` },
  ],
  [
    'ended: what was said then, and nobody is to move it',
    { ...missed, ...held },
    stuck,
    { who: 'nobody', text: `said when its deadline passed: ${stuck.text}` },
  ],
  [
    'ended, and nothing was said then',
    missed,
    undefined,
    { who: 'nobody', text: 'was still open after the deadline; this stays' },
  ],
];

for (const [situation, one, reason, expected] of cases) {
  test(`rowOf() gives the reason of one that is ${situation}`, () => {
    assert.deepEqual(rowOf(one, NOW, reason).reason, expected);
  });
}
