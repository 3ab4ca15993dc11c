import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { historyOf, ledgerOf, type Ledger } from '../../../test/support/promise-story.ts';
import { anything, plot, storyOf } from '../../../test/support/random-promise.ts';
import { emptyHistory, evolve, obligations, type History } from './obligations.ts';
import { isOpen, type Clock, type Obligation, type Standing } from './standing.ts';

/** A standing and its figures tell one story, at every instant, and whoever was asked before. */

interface Figured {
  readonly standing: Standing;
  readonly clock: Clock;
}

const RULES: readonly {
  readonly rule: string;
  readonly breaks: (figured: Figured, now: Temporal.Instant) => boolean;
}[] = [
  {
    rule: 'open past its deadline has a miss',
    breaks: ({ standing, clock }, now) =>
      isOpen(standing) && clock.missedAt === null && clock.due !== null && isBefore(clock.due, now),
  },
  {
    rule: 'overdue and missed have a miss',
    breaks: ({ standing, clock }) => (standing === 'overdue' || standing === 'missed') && clock.missedAt === null,
  },
  {
    rule: 'met has a margin, and not a negative one',
    breaks: ({ standing, clock: { marginSeconds } }) =>
      standing === 'met' && (marginSeconds === null || marginSeconds < 0),
  },
  {
    rule: 'missed has a negative margin where it has one',
    breaks: ({ standing, clock: { marginSeconds } }) =>
      standing === 'missed' && marginSeconds !== null && marginSeconds >= 0,
  },
  {
    rule: 'a miss is not lost under another end',
    breaks: ({ standing, clock }) =>
      clock.missedAt !== null && !isOpen(standing) && standing !== 'missed' && standing !== 'excluded',
  },
];

test('obligations() agree with their figures, whatever happened', () => {
  forEachInstant(({ history, now }) => {
    for (const figured of obligations(history, now).flatMap(partsOf)) {
      const broken = RULES.find(({ breaks }) => breaks(figured, now));
      assert.equal(broken?.rule, undefined, `${now.toString()}: ${JSON.stringify(figured)}`);
    }
  });
});

test('obligations() asked again later are those of a history that was never asked before', () => {
  forEachInstant(({ history, ledger, now }) => {
    const facts = ledger.facts.slice(0, history.seq);
    const fresh = obligations(historyOf({ ...ledger, facts }), now);
    assert.deepEqual(textsOf(obligations(history, now)), textsOf(fresh), now.toString());
  });
});

interface Asked {
  /** Grown fact by fact, and asked at every instant before. */
  readonly history: History;
  readonly ledger: Ledger;
  readonly now: Temporal.Instant;
}

/** After each fact of a random story: at once, around the second of a pull, around each deadline, and months later. */
function forEachInstant(look: (asked: Asked) => void): void {
  fc.assert(
    fc.property(fc.oneof({ arbitrary: plot, weight: 3 }, storyOf(anything, true)), (story) => {
      const ledger = ledgerOf(story);
      const history = emptyHistory(ledger.inventoryOf);
      for (const [index, fact] of ledger.facts.entries()) {
        evolve(history, fact);
        const next = ledger.facts[index + 1]?.recordedAt;
        for (const now of instantsAfter(fact.recordedAt, obligations(history, fact.recordedAt))) {
          if (next === undefined || isBefore(now, next)) look({ history, ledger, now });
        }
      }
    }),
    { numRuns: 100 },
  );
}

function instantsAfter(recordedAt: Temporal.Instant, all: readonly Obligation[]): readonly Temporal.Instant[] {
  const deadlines = all
    .flatMap(({ clock: { due }, waiver }) => [due, waiver?.until ?? null])
    .filter((at) => at !== null);
  const passed = [0, 1, 1000, 1001, 86_400_000 * 3, 86_400_000 * 60].map((milliseconds) =>
    recordedAt.add({ milliseconds }),
  );
  return [...deadlines.flatMap((at) => [at, at.add({ milliseconds: 1 })]), ...passed]
    .filter((at) => !isBefore(at, recordedAt))
    .toSorted((a, b) => Temporal.Instant.compare(a, b));
}

function partsOf(obligation: Obligation): readonly Figured[] {
  return [obligation, ...obligation.claims.flatMap((claim) => [claim, ...claim.architectures])];
}

function textsOf(all: readonly Obligation[]): readonly string[] {
  return all.map((each) => JSON.stringify(each)).toSorted();
}

function isBefore(a: Temporal.Instant, b: Temporal.Instant): boolean {
  return Temporal.Instant.compare(a, b) < 0;
}
