import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { obligation } from '../../../test/support/obligation.ts';
import type { Standing } from '../../core/promise/standing.ts';
import { listedObligations, type ListedObligation } from './digest-receipt.ts';

const rows: readonly (readonly [Standing, string | null, readonly string[], ListedObligation['state'] | undefined])[] =
  [
    ['waiting', null, [], 'open'],
    ['on-track', null, [], 'open'],
    ['overdue', null, [], 'open'],
    ['not-affected', null, [], 'stated'],
    ['excluded', null, [], 'stated'],
    ['not-covered', null, [], 'stated'],
    ['void', null, [], undefined],
    ['met', '2026-08-02T10:00:00Z', ['confirmed hello:1 2026-08-02T10:00:00Z'], 'ended'],
    ['missed', '2026-08-02T10:00:00Z', ['confirmed hello:1 2026-08-02T10:00:00Z'], 'ended'],
    ['met', '2026-08-02T10:00:00Z', ['confirmed by a later digest'], undefined],
  ];
for (const [standing, t1, confirmedBy, state] of rows) {
  test(`listedObligations() is ${state ?? 'silent'}: ${standing}, confirmed by ${confirmedBy[0] ?? 'nothing that ends'}`, () => {
    const one = obligation({ vulnerability: 'CVE-2026-1', line: 'hello:1', standing, t0: '2026-08-01T10:00:00Z', t1 });
    assert.equal(listedObligations([one], confirmedBy)[0]?.state, state);
  });
}

test('listedObligations() names every obligation at most once, in one order', () => {
  const standings = fc.constantFrom<Standing>('waiting', 'on-track', 'met', 'not-affected', 'void', 'excluded');
  const sketches = fc.uniqueArray(fc.record({ number: fc.nat(9999), standing: standings }), {
    selector: (one) => one.number,
  });
  fc.assert(
    fc.property(sketches, (many) => {
      const all = many.map(({ number, standing }) =>
        obligation({ vulnerability: `CVE-2026-${number}`, line: 'hello:1', standing }),
      );
      const listed = listedObligations(all, []).map((one) => one.obligation);
      assert.equal(new Set(listed).size, listed.length);
      assert.deepEqual(
        listed,
        listedObligations(all.toReversed(), []).map((one) => one.obligation),
      );
    }),
  );
});
