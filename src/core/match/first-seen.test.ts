import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { AdvisoryRecord } from './advisory.ts';
import { firstSeen, firstTied, type SeenVersion } from './first-seen.ts';

const GO = 'pkg:golang/stdlib';

/** A version seen at hour `at`, and no earlier than `from`. */
function version(at: number, fixed: readonly string[], change: Partial<AdvisoryRecord> & { from?: number } = {}) {
  const { from = at, ...record } = change;
  const says: AdvisoryRecord = {
    id: 'CVE-2026-1',
    source: 'osv',
    aliases: [],
    summary: '',
    published: null,
    modified: hour(at),
    withdrawn: null,
    severities: [],
    affected: [
      {
        package: GO,
        stream: null,
        scheme: 'go',
        ranges:
          fixed.length === 0
            ? [{ introduced: '0', fixed: null, lastAffected: null }]
            : fixed.map((each, index) => ({
                introduced: index === 0 ? '0' : `${each.replace(/\.\d+$/, '')}.0-0`,
                fixed: each,
                lastAffected: null,
              })),
        versions: [],
      },
    ],
    exploitedSince: null,
    epss: null,
    malicious: false,
    ...record,
  };
  return { fact: `fact at ${at}`, from: millis(from), to: millis(at), says } satisfies SeenVersion;
}

function millis(hours: number): number {
  return hours * 3_600_000;
}

function hour(hours: number): string {
  return Temporal.Instant.fromEpochMilliseconds(millis(hours)).toString();
}

/** `branch kind version(<-instead) at-hour`. */
function told(versions: readonly SeenVersion[]): readonly string[] {
  return (firstSeen(versions)?.branches ?? []).flatMap(({ branch, changes }) =>
    changes.map((change) => {
      const instead = change.kind === 'corrected' ? ` for ${change.instead}` : '';
      return `${branch} ${change.kind} ${change.version}${instead} ${change.seen.from / millis(1)}-${change.seen.to / millis(1)}`;
    }),
  );
}

const cases: readonly (readonly [string, readonly SeenVersion[], readonly string[]])[] = [
  ['never named a fix', [version(1, [])], []],
  ['named it when it was published', [version(1, ['1.21.9'])], ['1.21 named 1.21.9 1-1']],
  ['named it later', [version(1, []), version(5, ['1.21.9'])], ['1.21 named 1.21.9 5-5']],
  [
    'named another branch later',
    [version(1, ['1.21.9']), version(5, ['1.21.9', '1.22.2'])],
    ['1.21 named 1.21.9 1-1', '1.22 named 1.22.2 5-5'],
  ],
  [
    'corrected the version',
    [version(1, ['1.21.9']), version(5, ['1.21.10'])],
    ['1.21 named 1.21.9 1-1', '1.21 corrected 1.21.10 for 1.21.9 5-5'],
  ],
  [
    'took it back, and named it again',
    [version(1, ['1.21.9']), version(5, []), version(7, ['1.21.9'])],
    ['1.21 named 1.21.9 1-1', '1.21 withdrawn 1.21.9 5-5', '1.21 named 1.21.9 7-7'],
  ],
  [
    'was withdrawn as a whole',
    [version(1, ['1.21.9']), version(5, ['1.21.9'], { withdrawn: hour(5) })],
    ['1.21 named 1.21.9 1-1', '1.21 withdrawn 1.21.9 5-5'],
  ],
  [
    'moved the fix to another branch',
    [version(1, ['1.21.9']), version(5, ['1.22.2'])],
    ['1.21 named 1.21.9 1-1', '1.21 withdrawn 1.21.9 5-5', '1.22 named 1.22.2 5-5'],
  ],
  ['said the same again', [version(1, ['1.21.9']), version(5, ['1.21.9'])], ['1.21 named 1.21.9 1-1']],
  [
    'was published long before we saw it first: it may have named the fix from then on',
    [version(9, ['1.21.9'], { from: 5, published: hour(2) })],
    ['1.21 named 1.21.9 2-9'],
  ],
  [
    'dates itself after we saw it: not believed',
    [version(9, ['1.21.9'], { from: 5, published: hour(10) })],
    ['1.21 named 1.21.9 5-9'],
  ],
  [
    'named it in a version that we saw appear: its publication says nothing about that',
    [version(3, [], { published: hour(2) }), version(9, ['1.21.9'], { from: 5, published: hour(2) })],
    ['1.21 named 1.21.9 5-9'],
  ],
];

for (const [situation, versions, expected] of cases) {
  test(`firstSeen() of a record that ${situation}`, () => assert.deepEqual(told(versions), expected));
}

test('firstSeen() knows nothing of a record without versions', () => assert.equal(firstSeen([]), undefined));

test('firstSeen() never names a fix before the record was published, nor after its last version', () => {
  const fixes = fc.subarray(['1.20.3', '1.21.9', '1.21.10', '1.22.2']);
  fc.assert(
    fc.property(fc.array(fixes, { minLength: 1, maxLength: 8 }), (histories) => {
      const versions = histories.map((fixed, index) => version(10 + index, fixed, { published: hour(4) }));
      const seen = firstSeen(versions);
      assert.ok(seen !== undefined);
      const named = new Set<string>();
      for (const { branch, changes } of seen.branches) {
        assert.equal(changes[0]?.kind, 'named', branch);
        for (const change of changes) {
          assert.ok(change.seen.from >= seen.published.from && change.seen.to <= millis(10 + histories.length));
          if (change.kind === 'withdrawn') named.delete(change.version);
          else named.add(change.version);
          if (change.kind === 'corrected') named.delete(change.instead);
        }
      }
      assert.deepEqual(named, new Set(histories.at(-1)), 'what stands at the end is what the last version says');
    }),
  );
});

test('firstTied() is when the record covered what is held and not the release', () => {
  const held = { upstream: GO, version: '1.21.5', stream: '1.21' };
  const release = { upstream: GO, version: '1.21.9', stream: '1.21' };
  const at = (versions: readonly SeenVersion[], of = { held, release }) => firstTied(versions, of)?.fact;
  const story = [version(1, []), version(5, ['1.21.10']), version(6, ['1.21.9'])];
  assert.equal(at(story), 'fact at 6');
  assert.equal(at(story, { held, release: { ...release, version: '1.21.10' } }), 'fact at 5');
  assert.equal(at(story, { held: { ...held, upstream: 'pkg:golang/other' }, release }), undefined);
  assert.equal(at([version(1, ['1.21.9'], { withdrawn: hour(1) }), version(2, ['1.21.9'])]), 'fact at 2');
});
