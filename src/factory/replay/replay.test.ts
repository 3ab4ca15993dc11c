import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseRecordedEvent, type RecordedEvent } from '../../formats/replay/recorded-event.ts';
import { type Assumptions, defaultAssumptions } from './assumptions.ts';
import { replay } from './replay.ts';

const GO = 'pkg:golang/stdlib';
const exact: Assumptions = { ...defaultAssumptions, lookMinutes: 1, spreadPercent: 0 };
const HEAD = { kind: 'history', schema: 'suture/replay-history/1', name: 'small' };
const MINUTE = 60;
const HOUR = 60 * MINUTE;

function history(...events: readonly object[]): readonly RecordedEvent[] {
  const head = { ...HEAD, from: '2024-01-01T00:00:00Z', to: '2024-02-01T00:00:00Z' };
  return [head, ...events].map((event, index) =>
    parseRecordedEvent(JSON.stringify(event), `history.jsonl:${index + 1}`),
  );
}

function line(name: string, at: string, version: string, kind = 'line') {
  return { kind, at, line: name, components: [{ upstream: GO, version }] };
}

function release(version: string, at: string) {
  return { kind: 'release', at, upstream: GO, version };
}

function advisory(id: string, at: string, fixed: string | null) {
  const events = [{ introduced: '0' }, ...(fixed === null ? [] : [{ fixed }])];
  const affected = [{ package: { ecosystem: 'Go', name: 'stdlib' }, ranges: [{ type: 'SEMVER', events }] }];
  return { kind: 'advisory', at, source: 'govulndb', record: { id, modified: at, affected } };
}

const fixedOnce = history(
  line('app', '2024-01-01T00:00:00Z', '1.21.5'),
  release('1.21.6', '2024-01-10T12:00:00Z'),
  advisory('GO-2024-1', '2024-01-11T00:00:00Z', '1.21.6'),
  line('app', '2024-01-12T12:00:00Z', '1.21.6', 'held'),
);

test('replay() takes a release up, builds it, then the line, and has it after the minutes of each step', async () => {
  const { ours, recorded } = await replay(fixedOnce, exact);
  // 20 for the release, 20 for the line, 5 for its gates, 2 until it is pulled back.
  assert.deepEqual([ours.counted, ours.ended, ours.met, ours.medianSeconds], [1, 1, 1, 47 * MINUTE]);
  assert.deepEqual([recorded?.ended, recorded?.met, recorded?.medianSeconds], [1, 1, 48 * HOUR]);
});

const changes: readonly (readonly [string, Partial<Assumptions>, number])[] = [
  ['looks every 4 hours: at 12:00 of them', { lookMinutes: 240, seed: 3 }, 47 * MINUTE],
  ['longer builds', { buildMinutes: 60 }, 127 * MINUTE],
  ['longer gates', { testMinutes: 65 }, 107 * MINUTE],
  ['a person looks at every change for 8 hours', { reviewHours: 8 }, 47 * MINUTE + 8 * HOUR],
];
for (const [situation, change, seconds] of changes) {
  test(`replay() under another assumption: ${situation}`, async (t) => {
    const { ours } = await replay(fixedOnce, { ...exact, ...change });
    if (change.lookMinutes === undefined) return assert.equal(ours.medianSeconds, seconds);
    const waited = (ours.medianSeconds ?? 0) - seconds;
    t.diagnostic(`the look came ${waited / MINUTE} minutes after the release`);
    assert.ok(waited >= 0 && waited < 240 * MINUTE && waited % MINUTE === 0);
  });
}

test('replay() with fewer workers than lines: each waits for the ones before it', async () => {
  const three = history(
    ...['a', 'b', 'c'].map((name) => line(name, '2024-01-01T00:00:00Z', '1.21.5')),
    release('1.21.6', '2024-01-10T12:00:00Z'),
    advisory('GO-2024-1', '2024-01-11T00:00:00Z', '1.21.6'),
  );
  const all = await replay(three, { ...exact, workers: 3 });
  const one = await replay(three, { ...exact, workers: 1 });
  assert.deepEqual([all.ours.medianSeconds, all.ours.p99Seconds], [47 * MINUTE, 47 * MINUTE]);
  // The release, then a line and its gates three times over.
  assert.deepEqual([one.ours.medianSeconds, one.ours.p99Seconds], [72 * MINUTE, 97 * MINUTE]);
  assert.equal(one.recorded, null, 'the history does not say what its lines held');
});

test('replay() counts what has not ended as open until the end, or until the line is kept no more', async () => {
  const { ours, recorded } = await replay(
    history(
      line('app', '2024-01-01T00:00:00Z', '1.21.5'),
      line('gone', '2024-01-01T00:00:00Z', '1.21.5'),
      advisory('GO-2024-1', '2024-01-09T00:00:00Z', '1.21.6'),
      release('1.21.6', '2024-01-10T12:00:00Z'),
      line('app', '2024-01-10T13:00:00Z', '1.21.6', 'held'),
      { kind: 'end', at: '2024-01-10T12:30:00Z', line: 'gone' },
    ),
    exact,
  );
  assert.deepEqual([ours.counted, ours.ended, ours.censored, ours.medianSeconds], [2, 1, 1, 47 * MINUTE]);
  assert.deepEqual([recorded?.ended, recorded?.censored, recorded?.medianSeconds], [1, 1, HOUR]);
  // The one that ended left after 30 minutes: it says nothing of the time after that.
  assert.equal(ours.within.days14, 1);
});

test('replay() sets apart what was fixable when a line was taken on, what waits, and what was gone before its release', async () => {
  const { ours } = await replay(
    history(
      release('1.21.6', '2023-12-20T00:00:00Z'),
      advisory('GO-2023-1', '2023-12-21T00:00:00Z', '1.21.6'),
      line('app', '2024-01-01T00:00:00Z', '1.21.5'),
      advisory('GO-2024-2', '2024-01-09T00:00:00Z', null),
    ),
    exact,
  );
  assert.deepEqual([ours.counted, ours.apart.takenOver, ours.apart.waiting, ours.medianSeconds], [0, 1, 1, null]);
});

test('replay() with the clock that waits until the release is tied to the flaw finds it gone by then', async () => {
  const { ours } = await replay(fixedOnce, { ...exact, start: 'release-and-known' });
  assert.deepEqual([ours.counted, ours.apart.fixedEarly], [0, 1]);
});

test('replay() gives the same figures for the same seed, and builds that fail take longer', async () => {
  const often = { ...defaultAssumptions, failPercent: 50, seed: 7 };
  const [once, again] = [await replay(fixedOnce, often), await replay(fixedOnce, often)];
  assert.deepEqual(once, again);
  assert.equal(once.ours.ended, 1);
});

test('replay() refuses a history without a head, and a period that ends before it begins', async () => {
  await assert.rejects(replay(fixedOnce.slice(1), exact), { code: 'E0904' });
  const [head, ...rest] = fixedOnce;
  assert.ok(head?.kind === 'history');
  await assert.rejects(replay([{ ...head, to: head.from }, ...rest], exact), { code: 'E0904' });
});
