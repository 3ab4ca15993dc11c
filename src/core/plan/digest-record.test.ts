import assert from 'node:assert/strict';
import { test } from 'node:test';
import { aDigest, catalog, instant, line } from '../../../test/support/literals.ts';
import { obligation } from '../../../test/support/obligation.ts';
import { defaultPolicy } from '../promise/policy.ts';
import type { Obligation } from '../promise/standing.ts';
import { isAttached, recordNow } from './digest-record.ts';
import { ObligationBook } from './obligation-book.ts';
import type { StepOutcome } from './step.ts';

const start = instant('2026-03-02T14:00:00Z');
const digest = aDigest('index');
const of = { line: 'hello:1', component: 'hello' };
const waiting = obligation({ ...of, vulnerability: 'CVE-2026-1', standing: 'waiting' });
const onTrack = obligation({ ...of, vulnerability: 'CVE-2026-1', standing: 'on-track', t0: start.toString() });
const overdue: Obligation = { ...onTrack, standing: 'overdue' };
const excluded: Obligation = { ...onTrack, standing: 'excluded' };
const met: Obligation = { ...onTrack, standing: 'met', clock: { ...onTrack.clock, t1: start } };
const other = obligation({ ...of, vulnerability: 'CVE-2026-2', standing: 'waiting' });
const elsewhere = obligation({ ...of, line: 'other:1', vulnerability: 'CVE-2026-3', standing: 'waiting' });

const input = (open: readonly Obligation[], change: { now?: Temporal.Instant; outcomes?: Outcomes } = {}) => ({
  catalog: catalog({ policy: defaultPolicy }),
  obligations: new ObligationBook(open),
  outcomes: change.outcomes ?? new Map<string, StepOutcome>(),
  now: change.now ?? start,
});
type Outcomes = Map<string, StepOutcome>;

/** A world in which the record of what was open then is attached. */
function attached(before: readonly Obligation[], result?: object): Outcomes {
  const { key, says } = recordNow(line(), digest, input(before));
  return new Map([[key, { kind: 'done', at: start, attempt: 1, result: { says, ...result } }]]);
}

const cases: readonly {
  readonly situation: string;
  readonly before: readonly Obligation[];
  readonly now: readonly Obligation[];
  readonly stands: boolean;
}[] = [
  { situation: 'nothing changed', before: [waiting, other], now: [waiting, other], stands: true },
  { situation: 'the same in another order', before: [waiting, other], now: [other, waiting], stands: true },
  { situation: 'another line has a new one', before: [waiting], now: [waiting, elsewhere], stands: true },
  { situation: 'a new one is open', before: [waiting], now: [waiting, other], stands: false },
  { situation: 'its release came', before: [waiting], now: [onTrack], stands: false },
  { situation: 'its deadline passed', before: [onTrack], now: [overdue], stands: false },
  { situation: 'it was waived', before: [onTrack], now: [excluded], stands: false },
  { situation: 'its waiver ran out', before: [excluded], now: [overdue], stands: false },
  { situation: 'it ended', before: [onTrack], now: [met], stands: false },
];

for (const { situation, before, now, stands } of cases) {
  test(`isAttached() is ${stands}: ${situation}`, () => {
    const world = input(now, { outcomes: attached(before) });
    const record = recordNow(line(), digest, world);
    assert.equal(isAttached(record, world), stands);
    assert.equal(record.because, stands ? 'time' : 'change');
  });
}

test('isAttached() until half of the time is over, to the second', () => {
  const outcomes = attached([waiting]);
  const at = (seconds: number) => input([waiting], { now: start.add({ seconds }), outcomes });
  const stands = (world: ReturnType<typeof input>) => isAttached(recordNow(line(), digest, world), world);
  assert.equal(recordNow(line(), digest, at(0)).validSeconds, 48 * 3600);
  assert.equal(stands(at(24 * 3600 - 1)), true);
  assert.equal(stands(at(24 * 3600)), false);
});

test('isAttached() is false before the first, after a failure, and for one that did not note what it says', () => {
  for (const outcomes of [new Map<string, StepOutcome>(), attached([waiting], { says: undefined })]) {
    const world = input([waiting], { outcomes });
    assert.equal(isAttached(recordNow(line(), digest, world), world), false);
  }
  const { key } = recordNow(line(), digest, input([]));
  const failed = { kind: 'failed', at: start, attempt: 1, code: 'E0601', message: '', retryAt: start } as const;
  const world = input([waiting], { outcomes: new Map<string, StepOutcome>([[key, failed]]) });
  assert.equal(isAttached(recordNow(line(), digest, world), world), false);
  assert.equal(recordNow(line(), digest, world).because, 'new');
});

test('recordNow() is good for a day at least, however short the promise', () => {
  const policy = { ...defaultPolicy, promise: { ...defaultPolicy.promise, exploited: 60 } };
  const world = { ...input([]), catalog: catalog({ policy }) };
  assert.equal(recordNow(line(), digest, world).validSeconds, 24 * 3600);
});
