import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { obligations, standingUnder } from '../../core/promise/obligations.ts';
import { instant } from '../../../test/support/literals.ts';
import { historyOf, ledgerOf, policyWith } from '../../../test/support/promise-story.ts';
import { anything, later, plot, storyOf } from '../../../test/support/random-promise.ts';
import { sharesByClock, sharesOf } from './shares.ts';

const now = instant(later(24 * 60));

test('sharesByClock() whatever happened: each reading as if the one policy had named it', () => {
  fc.assert(
    fc.property(fc.oneof(plot, storyOf(anything, true)), (story) => {
      const told = story.filter(({ type }) => type !== 'policy-adopted');
      const history = historyOf(ledgerOf(told));
      const shares = sharesByClock(obligations(history, now), (each, start) =>
        standingUnder(history, each, { now, start }),
      );
      const asIf = (start: 'release' | 'release-and-known') =>
        sharesOf(obligations(history, now, { policy: policyWith({ start }) }));
      assert.deepEqual(shares.release, asIf('release'));
      assert.deepEqual(shares.releaseAndKnown, asIf('release-and-known'));
    }),
  );
});

test('sharesOf() whatever happened: the severities add up to the whole, and only what was all met is 100 %', () => {
  fc.assert(
    fc.property(plot, (story) => {
      const { all, bySeverity } = sharesOf(obligations(historyOf(ledgerOf(story)), now));
      assert.equal(
        Object.values(bySeverity).reduce((sum, share) => sum + share.due, 0),
        all.due,
      );
      assert.equal(all.percent === 100, all.due > 0 && all.met === all.due);
    }),
  );
});
