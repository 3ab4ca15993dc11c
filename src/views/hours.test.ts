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
  assert.deepEqual(hours(inLine('CVE-2026-1234', 'nginx:1.28'), facts, NOW), [
    { name: 'detect', seconds: 971 },
    { name: 'match', seconds: 389 },
    { name: 'build', seconds: 1580 },
    { name: 'publish', seconds: 1020 },
    { name: 'confirm', seconds: 122 },
  ]);
});

test('hours() of one that is open: the last piece reaches to now', () => {
  const last = hours(inLine('CVE-2026-1234', 'node:20'), facts, NOW).at(-1);
  assert.equal(last?.name, 'waiting');
});

test('hours() while waiting for upstream: none, the clock has not started', () => {
  assert.deepEqual(hours(inLine('CVE-2026-1188', 'nginx:1.28'), facts, NOW), []);
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
      return hours(open, facts, now).reduce((sum, { seconds }) => sum + seconds, 0) === age;
    }),
  );
});
