import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { instant } from '../../../test/support/literals.ts';
import { historyOf, ledgerOf, policyWith, type Told } from '../../../test/support/promise-story.ts';
import { emptyHistory, evolve, obligationOf, obligations, standingsThatChange } from './obligations.ts';
import type { Obligation } from './standing.ts';

/** What holds for every ledger, whatever happened: random months of two lines, two upstreams and three records. */

const START = instant('2026-03-01T00:00:00Z');
const ADOPTED: Told = {
  type: 'policy-adopted',
  at: '2026-01-01T00:00:00Z',
  from: '2026-01-01T00:00:00Z',
  policy: policyWith({}),
};

const DECLARED: readonly Told[] = ['web:1', 'web:2'].map((name) => ({
  type: 'line-declared',
  at: '2026-01-01T00:00:00Z',
  line: name,
  arches: ['amd64', 'arm64'],
}));

/** Without the fields that place a fact in time. */
type Happening = Told extends infer T ? (T extends Told ? Omit<T, 'at' | 'recordedAt' | 'note'> : never) : never;

const id = fc.constantFrom('CVE-2026-0001', 'CVE-2026-0002', 'GHSA-aaaa');
const line = fc.constantFrom('web:1', 'web:2');
const version = fc.constantFrom('1.0.0', '1.0.1', '1.0.2');
const upstream = fc.constantFrom('lib', 'go');
const architecture = fc.constantFrom('amd64' as const, 'arm64' as const);
const severity = fc.constantFrom('critical' as const, 'medium' as const, 'low' as const, null);
const until = fc.integer({ min: 0, max: 30 }).map((days) => later(days * 24));

const advisory = fc.record({
  type: fc.constant('advisory-recorded' as const),
  id,
  source: fc.constantFrom('osv', 'nvd'),
  severity,
  exploited: fc.boolean(),
  rejected: fc.integer({ min: 0, max: 9 }).map((dice) => dice === 0),
  affected: fc.array(
    fc.record({ upstream, stream: fc.constant('1'), fixed: fc.constantFrom('1.0.1', '1.0.2', null) }),
    { minLength: 1, maxLength: 2 },
  ),
});
const confirmation = fc.record({
  type: fc.constant('image-confirmed' as const),
  line,
  arch: architecture,
  contains: fc.dictionary(upstream, fc.record({ stream: fc.constant('1'), version }), { maxKeys: 2 }),
});
const look = fc.record({
  type: fc.constant('looked' as const),
  upstream,
  stream: fc.constantFrom('1', '2'),
  versions: fc.subarray(['1.0.0', '1.0.1', '1.0.2', '1.0.3-rc.1']),
});
const aboutReleases = fc.oneof(
  look,
  fc.record({ type: fc.constant('release-withdrawn' as const), upstream, version }),
  fc.record({ type: fc.constant('stream-ended' as const), upstream, stream: fc.constant('1'), until }),
);
const aboutFixes = fc.record({
  type: fc.constant('fix-verified' as const),
  upstream,
  version,
  id,
  result: fc.constantFrom('contains' as const, 'lacks' as const),
});
const aboutNames = fc.oneof(
  fc.record({
    type: fc.constant('advisory-recorded' as const),
    id: fc.constant('GHSA-aaaa'),
    severity,
    aliases: fc.subarray(['CVE-2026-0001']),
    affected: fc.constant([{ upstream: 'lib', stream: '1', fixed: '1.0.1' }]),
  }),
  fc.record({
    type: fc.constant('aliases-corrected' as const),
    unrelated: fc.constant([['CVE-2026-0001', 'GHSA-aaaa'] as const]),
  }),
);
const decision = fc.oneof(
  fc.record({ type: fc.constantFrom('statement-made' as const, 'statement-withdrawn' as const), id, line }),
  fc.record({ type: fc.constant('exception-granted' as const), kind: fc.constant('waiver' as const), id, line, until }),
  fc.record({ type: fc.constant('exception-ended' as const), kind: fc.constant('waiver' as const), id, line }),
  fc.record({
    type: fc.constant('line-declared' as const),
    line,
    arches: fc.subarray(['amd64' as const, 'arm64' as const]),
    supportUntil: until,
  }),
);
const correction = fc.record({ of: fc.integer({ min: 0, max: 12 }), hours: fc.integer({ min: 0, max: 400 }) });
const betterEvidence = correction.map(({ of, hours }) => ({
  type: 'evidence-corrected' as const,
  corrects: `note-${of}`,
  from: later(hours),
  to: later(hours),
}));
/** What may not take a miss back (promise rule 7). */
const ordinary = fc.oneof({ arbitrary: confirmation, weight: 4 }, { arbitrary: advisory, weight: 3 }, decision);
const anything = fc.oneof(
  { arbitrary: ordinary, weight: 5 },
  { arbitrary: aboutReleases, weight: 3 },
  aboutFixes,
  aboutNames,
  betterEvidence,
);

/** Happenings in order, some hours apart; with `late`, some are recorded only later. */
function storyOf(happening: fc.Arbitrary<Happening>, late: boolean): fc.Arbitrary<readonly Told[]> {
  const timed = fc.record({
    happening,
    hours: fc.integer({ min: 0, max: 60 }),
    lateHours: late ? fc.constantFrom(0, 0, 0, 30) : fc.constant(0),
  });
  return fc.array(timed, { minLength: 5, maxLength: 24 }).map((all) => {
    let hours = 0;
    const told = all.map(({ happening: each, hours: passed, lateHours }, index) => {
      hours += passed;
      const at = later(hours);
      // Nothing is known to have happened later than it was recorded, so nothing is corrected to a later time.
      const known =
        each.type === 'evidence-corrected' ? { from: earliest(each.from, at), to: earliest(each.to, at) } : {};
      return { ...each, ...known, at, recordedAt: later(hours + lateHours), note: `note-${index}` } as Told;
    });
    return [ADOPTED, ...DECLARED, ...told];
  });
}

function later(hours: number): string {
  return START.add({ hours }).toString();
}

function earliest(a: string, b: string): string {
  return Temporal.Instant.compare(a, b) < 0 ? a : b;
}

function inOrder(story: readonly Told[]): readonly Told[] {
  return story.toSorted((a, b) => Temporal.Instant.compare(a.recordedAt ?? a.at, b.recordedAt ?? b.at));
}

function byId(all: readonly Obligation[]): Record<string, unknown> {
  return JSON.parse(
    JSON.stringify(Object.fromEntries(all.map((each) => [`${each.vulnerability} ${each.line}`, each]))),
  ) as Record<string, unknown>;
}

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
