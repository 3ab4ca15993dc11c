import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { instant } from '../../../test/support/literals.ts';
import { historyOf, ledgerOf, type Told } from '../../../test/support/promise-story.ts';
import { aboutReleases, anything, later, ordinary, storyOf } from '../../../test/support/random-promise.ts';
import { emptyHistory, evolve, obligationOf, obligations, standingsThatChange } from './obligations.ts';
import type { Obligation } from './standing.ts';

/** What holds for every ledger, whatever happened. */

test('obligations() grown step by step equal those computed from scratch, by what evolve() and time touched alone', () => {
  fc.assert(
    fc.property(storyOf(anything, true), (story) => {
      const { facts, inventoryOf } = ledgerOf(story);
      const history = emptyHistory(inventoryOf);
      const rows = new Map<string, Obligation>();
      let before = instant('2026-01-01T00:00:00Z');
      for (const fact of facts) {
        const now = fact.recordedAt;
        const touched = [...evolve(history, fact).obligations, ...standingsThatChange(history, before, now)];
        for (const { vulnerability, line: of } of touched) {
          const obligation = obligationOf(history, vulnerability, of, now);
          if (obligation?.vulnerability === vulnerability) rows.set(`${vulnerability} ${of}`, obligation);
          else rows.delete(`${vulnerability} ${of}`);
        }
        before = now;
        assert.deepEqual(byId([...rows.values()].toSorted(byKey)), byId(obligations(history, now).toSorted(byKey)));
      }
      const fresh = historyOf({ facts, inventoryOf });
      assert.deepEqual(byId(obligations(history, before)), byId(obligations(fresh, before)));
    }),
    { numRuns: 150 },
  );
});

test('obligations() as of an instant stay the same whatever is recorded later', () => {
  fc.assert(
    fc.property(storyOf(anything, true), fc.integer({ min: 0, max: 600 }), (story, hours) => {
      const then = later(hours);
      const recorded = inOrder(story).filter((each) => Temporal.Instant.compare(each.recordedAt ?? each.at, then) <= 0);
      const asOf = obligations(historyOf(ledgerOf(story, then)), instant(then));
      assert.deepEqual(byId(asOf), byId(obligations(historyOf(ledgerOf(recorded)), instant(then))));
    }),
    { numRuns: 50 },
  );
});

test('obligations() has each vulnerability of each line once, whatever merges and splits', () => {
  fc.assert(
    fc.property(storyOf(anything, true), (story) => {
      const all = obligations(historyOf(ledgerOf(story)), instant(later(1000)));
      assert.equal(new Set(all.map((each) => each.id)).size, all.length);
      for (const { vulnerability, aliases, clock, clocks } of all) {
        assert.ok(aliases.every((alias) => vulnerability < alias));
        assert.ok(
          [clocks.release, clocks.releaseAndKnown].some((each) => each.t0?.toString() === clock.t0?.toString()),
        );
      }
    }),
    { numRuns: 100 },
  );
});

test('a miss is never taken back by a confirmation, a record, a statement, a waiver or a declaration', () => {
  fc.assert(
    fc.property(storyOf(anything, false), fc.array(ordinary, { minLength: 1, maxLength: 6 }), (story, more) => {
      let told = story;
      let now = later(2000);
      let before = obligations(historyOf(ledgerOf(told)), instant(now));
      for (const [index, each] of more.entries()) {
        // An alias is a correction of its own; here every record keeps the names that it has.
        if (each.type === 'advisory-recorded' && each.id === 'GHSA-aaaa') continue;
        now = later(2000 + index);
        told = [...told, { ...each, at: now } as Told];
        const after = obligations(historyOf(ledgerOf(told)), instant(now));
        for (const { id: obligation, clock } of before.filter(({ clock: { missedAt } }) => missedAt !== null)) {
          const kept = after.find((other) => other.id === obligation);
          assert.notEqual(kept?.clock.missedAt ?? null, null, `${obligation} missed at ${clock.missedAt?.toString()}`);
        }
        before = after;
      }
    }),
    { numRuns: 200 },
  );
});

test('merging two ids never makes a deadline later and never takes a miss back', () => {
  const separate = fc.oneof({ arbitrary: ordinary, weight: 5 }, { arbitrary: aboutReleases, weight: 3 });
  fc.assert(
    fc.property(storyOf(separate, false), (story) => {
      const now = instant(later(800));
      const names = ['CVE-2026-0001', 'CVE-2026-0002'];
      const apart = obligations(historyOf(ledgerOf(story)), now).filter((each) => names.includes(each.vulnerability));
      const merge: Told = {
        type: 'advisory-recorded',
        at: later(800),
        id: 'CVE-2026-0001',
        source: 'cna',
        severity: null,
        aliases: ['CVE-2026-0002'],
        affected: [],
      };
      const merged = obligations(historyOf(ledgerOf([...story, merge])), now);
      for (const part of apart) {
        const whole = merged.find((each) => each.line === part.line && each.vulnerability === 'CVE-2026-0001');
        assert.ok(whole !== undefined, 'the merged obligation is there');
        if (part.clock.missedAt !== null) assert.ok(whole.clock.missedAt !== null, 'the miss is kept');
        if (part.standing !== 'on-track' || part.clock.due === null) continue;
        assert.ok(whole.clock.due !== null && Temporal.Instant.compare(whole.clock.due, part.clock.due) <= 0);
      }
    }),
    { numRuns: 150 },
  );
});

function byKey(a: Obligation, b: Obligation): number {
  const [left, right] = [a, b].map((each) => `${each.vulnerability} ${each.line}`);
  return (left ?? '') < (right ?? '') ? -1 : 1;
}

function inOrder(story: readonly Told[]): readonly Told[] {
  return story.toSorted((a, b) => Temporal.Instant.compare(a.recordedAt ?? a.at, b.recordedAt ?? b.at));
}

function byId(all: readonly Obligation[]): Record<string, unknown> {
  return JSON.parse(
    JSON.stringify(Object.fromEntries(all.map((each) => [`${each.vulnerability} ${each.line}`, each]))),
  ) as Record<string, unknown>;
}
