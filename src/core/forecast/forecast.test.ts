import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { NOW, obligation } from '../../../test/support/obligation.ts';
import { chanceLater, forecaster } from './forecast.ts';
import type { Queue, QueuedStep } from './queue.ts';
import { estimator, type PastRun } from './stage-durations.ts';

const curl = obligation({
  vulnerability: 'CVE-2026-1',
  line: 'web:1',
  standing: 'on-track',
  component: 'curl',
  t0: '2026-08-01T18:00:00Z',
});

const step = (kind: QueuedStep['kind'], target: string, lines = 1): QueuedStep => ({
  kind,
  target,
  stream: ['build-package', 'propose-change', 'merge-change'].includes(kind) ? `pkg:generic/${target} 3.0` : null,
  lines,
});

const queueWith = (steps: readonly QueuedStep[], change: Partial<Queue> = {}): Queue => ({
  steps,
  beyond: {},
  held: [],
  workers: 1,
  ...change,
});

/** Every step takes exactly this long, as often as it was run. */
const exactly = (seconds: number): readonly PastRun[] =>
  (
    [
      'propose-change',
      'build-package',
      'merge-change',
      'compose-image',
      'verify-image',
      'publish-image',
      'confirm-image',
    ] as const
  ).flatMap((kind) => Array.from({ length: 100_000 / 10 }, () => ({ kind, target: '', seconds })));
const estimate = estimator(exactly(100));
const minutesOf = (queue: Queue) => Math.round((forecaster(queue, estimate)(curl, NOW)?.p50 ?? -1) / 100);

const cases: readonly (readonly [string, Queue, number])[] = [
  ['its build is next: build, merge, compose, verify, publish, confirm', queueWith([step('build-package', 'curl')]), 6],
  ['its change is proposed first', queueWith([step('propose-change', 'curl')]), 7],
  ['its line is published next', queueWith([step('publish-image', 'web:1')]), 2],
  [
    'another build is ahead, with all that follows from it',
    queueWith([step('build-package', 'zlib'), step('build-package', 'curl')]),
    12,
  ],
  [
    'another build is ahead, and three lines are made anew with it',
    queueWith([step('build-package', 'zlib', 3), step('build-package', 'curl')]),
    20,
  ],
  ['another build comes after it', queueWith([step('build-package', 'curl'), step('build-package', 'zlib')]), 6],
  ['it is built for two architectures', queueWith([step('build-package', 'curl'), step('build-package', 'curl')]), 7],
  [
    'two workers halve what is ahead, not its own way',
    queueWith([step('build-package', 'zlib'), step('build-package', 'curl')], { workers: 2 }),
    9,
  ],
  ['nothing of it is planned yet: after everything', queueWith([step('build-package', 'zlib')]), 11],
  ['it is beyond what is told apart', queueWith([], { beyond: { 'build-package': 10 } }), 15],
  [
    'its build failed and is tried again in 500 s',
    queueWith([], { held: [{ ...step('build-package', 'curl'), until: NOW.add({ seconds: 500 }) }] }),
    11,
  ],
];
for (const [situation, queue, hundreds] of cases) {
  test(`forecaster() ${situation}: ${hundreds} steps of a hundred seconds`, () => {
    assert.equal(minutesOf(queue), hundreds);
  });
}

test('forecaster() of what only a person can move, or whose clock does not run: no forecast', () => {
  const held = [{ ...step('build-package', 'curl'), until: null }];
  assert.equal(forecaster(queueWith([], { held }), estimate)(curl, NOW), null);
  const waiting = obligation({ vulnerability: 'CVE-2', line: 'web:1', standing: 'waiting' });
  assert.equal(forecaster(queueWith([]), estimate)(waiting, NOW), null);
});

const others = fc.array(
  fc.record({
    kind: fc.constantFrom<QueuedStep['kind']>('build-package', 'propose-change', 'compose-image', 'confirm-image'),
    target: fc.constantFrom('zlib', 'sqlite', 'openssl', 'libxml2'),
    lines: fc.integer({ min: 1, max: 50 }),
  }),
  { maxLength: 12 },
);
const runs = fc.array(
  fc.record({
    kind: fc.constantFrom<QueuedStep['kind']>('build-package', 'compose-image', 'publish-image'),
    target: fc.constantFrom('curl', 'zlib', 'sqlite'),
    seconds: fc.double({ min: 0, max: 20_000, noNaN: true }),
  }),
  { maxLength: 30 },
);

test('forecaster() never finishes earlier with more in front of it, nor later with more workers; p90 is not before p50', () => {
  fc.assert(
    fc.property(others, others, runs, fc.integer({ min: 1, max: 8 }), (some, more, measured, workers) => {
      const built = (before: typeof some, many: number) => {
        const steps = [
          ...before.map(({ kind, target, lines }) => step(kind, target, lines)),
          step('build-package', 'curl'),
        ];
        return forecaster(queueWith(steps, { workers: many }), estimator(measured))(curl, NOW);
      };
      const [few, many, helped] = [built(some, 1), built([...some, ...more], 1), built(some, workers)];
      assert.ok(few !== null && many !== null && helped !== null);
      assert.ok(many.p50 >= few.p50 - 1e-6 && many.p90 >= few.p90 - 1e-6);
      assert.ok(helped.p50 <= few.p50 + 1e-6 && helped.p90 <= few.p90 + 1e-6);
      assert.ok(few.p90 >= few.p50);
    }),
  );
});

test('chanceLater() falls from one to none, is one half at p50 and one tenth at p90', () => {
  const forecast = { p50: 1000, p90: 2000 };
  assert.equal(chanceLater(forecast, 1000).toFixed(3), '0.500');
  assert.equal(chanceLater(forecast, 2000).toFixed(3), '0.100');
  fc.assert(
    fc.property(fc.integer({ min: -5000, max: 9000 }), fc.nat(5000), (seconds, later) => {
      const [first, second] = [chanceLater(forecast, seconds), chanceLater(forecast, seconds + later)];
      return first >= second && second >= 0 && first <= 1;
    }),
  );
});
