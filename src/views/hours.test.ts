import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { facts, obligations } from '../../test/support/literal-world.ts';
import { NOW, obligation } from '../../test/support/obligation.ts';
import { hours } from './hours.ts';

const inLine = (vulnerability: string, line: string) => {
  const found = obligations.find((each) => each.vulnerability === vulnerability && each.line === line);
  assert.ok(found);
  return found;
};

test('hours() of one that was met: the pieces in their order', () => {
  assert.deepEqual(hours(inLine('CVE-2026-1234', 'nginx:1.28'), facts, { now: NOW }), [
    { name: 'look', seconds: 971 },
    { name: 'match', seconds: 389 },
    { name: 'decide', seconds: 1580 },
    { name: 'test', seconds: 1020 },
    { name: 'publish', seconds: 122 },
  ]);
});

test('hours() of one that is open: the last piece reaches to now', () => {
  const last = hours(inLine('CVE-2026-1234', 'node:20'), facts, { now: NOW }).at(-1);
  assert.equal(last?.name, 'waiting');
});

test('hours() while waiting for upstream: none, the clock has not started', () => {
  assert.deepEqual(hours(inLine('CVE-2026-1188', 'nginx:1.28'), facts, { now: NOW }), []);
});

test('hours() at any instant: the pieces add up to the time since the start', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 100 * 3600 }), (age) => {
      const open = obligation({
        vulnerability: 'CVE-2026-1234',
        line: 'nginx:1.28',
        standing: 'on-track',
        t0: '2026-07-31T14:42:00Z',
      });
      const now = Temporal.Instant.from('2026-07-31T14:42:00Z').add({ seconds: age });
      return hours(open, facts, { now }).reduce((sum, { seconds }) => sum + seconds, 0) === age;
    }),
  );
});

const open = obligation({
  vulnerability: 'CVE-2026-1234',
  line: 'nginx:1.28',
  standing: 'on-track',
  t0: '2026-07-31T14:42:00Z',
});
const at = (minutes: number) => Temporal.Instant.from('2026-07-31T14:42:00Z').add({ minutes });
const run = (kind: 'build-package' | 'verify-image' | 'publish-image', from: number, to: number) => ({
  kind,
  target: 'openssl',
  seconds: (to - from) * 60,
  from: at(from),
  to: at(to),
  failed: false,
});

test('hours() with the log of steps: what ran, whom it waited for, and the gaps by name', () => {
  const known = {
    now: at(120),
    runs: [run('build-package', 30, 50), run('verify-image', 55, 60)],
    reasons: [
      { who: 'machine' as const, text: 'next: build-package', from: at(20) },
      { who: 'person' as const, text: 'the gate did not pass', from: at(60) },
      { who: 'machine' as const, text: 'next: publish-image', from: at(100) },
    ],
  };
  const found = hours(open, facts, known).map(({ name, seconds }) => [name, seconds]);
  assert.deepEqual(found.slice(2), [
    ['between', 30 * 60 - 971 - 389],
    ['build', 20 * 60],
    ['between', 5 * 60],
    ['test', 5 * 60],
    ['person', 40 * 60],
    ['between', 20 * 60],
  ]);
});

test('hours() of any runs and reasons: the pieces add up to the whole', () => {
  const minutes = fc.integer({ min: -50, max: 400 });
  const runs = fc.array(
    fc.tuple(minutes, minutes).map(([a, b]) => run('build-package', Math.min(a, b), Math.max(a, b))),
  );
  const who = fc.constantFrom('person' as const, 'machine' as const, 'upstream' as const);
  const reasons = fc
    .array(fc.tuple(minutes, who))
    .map((all) => all.toSorted(([a], [b]) => a - b).map(([from, each]) => ({ who: each, text: '', from: at(from) })));
  fc.assert(
    fc.property(runs, reasons, (some, why) => {
      const found = hours(open, facts, { now: at(300), runs: some, reasons: why });
      return found.reduce((sum, { seconds }) => sum + seconds, 0) === 300 * 60;
    }),
  );
});
