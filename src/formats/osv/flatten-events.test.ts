import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { verdictOf } from '../../core/match/match.ts';
import { compareVersions } from '../../core/version/compare.ts';
import { flattenEvents } from './flatten-events.ts';
import type { OsvEvent } from './osv-schema.ts';

const open = { fixed: null, lastAffected: null };

const cases: readonly [string, readonly OsvEvent[], ReturnType<typeof flattenEvents>][] = [
  [
    'several in one list, unsorted',
    [{ fixed: '2.0.1' }, { introduced: '2.0.0' }, { fixed: '1.0.1' }, { introduced: '0' }],
    [
      { introduced: '0', fixed: '1.0.1', lastAffected: null },
      { introduced: '2.0.0', fixed: '2.0.1', lastAffected: null },
    ],
  ],
  [
    'introduced while open says nothing new',
    [{ introduced: '0' }, { introduced: '1.0.0' }],
    [{ introduced: '0', ...open }],
  ],
  [
    'fixed while closed says nothing',
    [{ fixed: '0.5.0' }, { introduced: '1.0.0' }],
    [{ introduced: '1.0.0', ...open }],
  ],
  [
    'introduced and last affected alike are exactly that version',
    [{ introduced: '1.0.0' }, { last_affected: '1.0.0' }],
    [{ introduced: '1.0.0', fixed: null, lastAffected: '1.0.0' }],
  ],
  ['introduced and fixed alike are nothing', [{ introduced: '1.0.0' }, { fixed: '1.0.0' }], []],
  [
    'fixed and introduced again alike leave no gap',
    [{ introduced: '0' }, { fixed: '1.0.0' }, { introduced: '1.0.0' }],
    [
      { introduced: '0', fixed: '1.0.0', lastAffected: null },
      { introduced: '1.0.0', ...open },
    ],
  ],
  [
    'a range written before the one that ends where it begins',
    [{ introduced: '1.0.0' }, { fixed: '2.0.0' }, { introduced: '0.5.0' }, { fixed: '1.0.0' }],
    [
      { introduced: '0.5.0', fixed: '1.0.0', lastAffected: null },
      { introduced: '1.0.0', fixed: '2.0.0', lastAffected: null },
    ],
  ],
  [
    'last affected and fixed alike are fixed, in either order of the record',
    [{ introduced: '0' }, { last_affected: '1.0.0' }, { fixed: '1.0.0' }],
    [{ introduced: '0', fixed: '1.0.0', lastAffected: null }],
  ],
  [
    'at equal versions the record decides: introduced, then fixed is closed',
    [{ introduced: '0' }, { introduced: '1.0.0' }, { fixed: '1.0.0' }],
    [{ introduced: '0', fixed: '1.0.0', lastAffected: null }],
  ],
  [
    'pre-releases of a version are meant by -0',
    [{ introduced: '1.22.0-0' }, { fixed: '1.22.5' }],
    [{ introduced: '1.22.0-0', fixed: '1.22.5', lastAffected: null }],
  ],
  ['"0" is before a pre-release', [{ introduced: '0.0.0-alpha' }, { introduced: '0' }], [{ introduced: '0', ...open }]],
  [
    'a limit ends what is open',
    [{ introduced: '1.0.0' }, { limit: '3.0.0' }],
    [{ introduced: '1.0.0', fixed: '3.0.0', lastAffected: null }],
  ],
  [
    'the highest of several limits counts',
    [{ introduced: '0' }, { last_affected: '4.0.0' }, { limit: '2.0.0' }, { limit: '3.0.0' }],
    [{ introduced: '0', fixed: '3.0.0', lastAffected: null }],
  ],
  ['a limit of * is none', [{ introduced: '0' }, { limit: '*' }], [{ introduced: '0', ...open }]],
  ['nothing begins at or after the limit', [{ introduced: '3.0.0' }, { limit: '3.0.0' }], []],
  ['no events', [], []],
];

for (const [situation, events, expected] of cases) {
  test(`flattenEvents() reads events: ${situation}`, () => {
    assert.deepEqual(flattenEvents('semver', events), expected);
  });
}

/** Of one range that ends where another begins the schema says nothing: the cases above do. */
function touches(events: readonly OsvEvent[]): boolean {
  const ends = events.flatMap(({ fixed, last_affected: last }) => fixed ?? last ?? []);
  return events.some(({ introduced }, index) => {
    const { fixed, last_affected: last } = events[index + 1] ?? {};
    const own = fixed ?? last;
    return introduced !== undefined && own !== undefined && own !== introduced && ends.includes(introduced);
  });
}

test("flattenEvents() affects what the schema's own loop over the sorted events affects", () => {
  const version = fc.tuple(fc.nat(3), fc.nat(3)).map(([major, minor]) => `${major}.${minor}.0`);
  const kind = fc.constantFrom('introduced', 'fixed', 'last_affected', 'limit');
  const event = fc.tuple(kind, fc.oneof(version, fc.constant('0'))).map(([key, value]): OsvEvent => ({ [key]: value }));
  fc.assert(
    fc.property(fc.array(event, { maxLength: 7 }), version, (events, candidate) => {
      const usable = events.filter((each) => Object.values(each)[0] !== '0' || each.introduced === '0');
      fc.pre(!touches(usable));
      const ranges = flattenEvents('semver', usable);
      const affected = { package: 'pkg:generic/x', stream: null, scheme: 'semver', ranges, versions: [] } as const;
      assert.equal(verdictOf(affected, candidate, '') === 'affected', bySpecification(usable, candidate));
    }),
    { numRuns: 2000 },
  );
});

/** OSV schema, "Evaluation", word for word: sort, go through the events, and stay below some limit. */
function bySpecification(events: readonly OsvEvent[], version: string): boolean {
  const order = (a: string, b: string) =>
    a === '0' || b === '0' ? Number(b === '0') - Number(a === '0') : compareVersions('semver', a, b);
  const limits = events.flatMap(({ limit }) => limit ?? []);
  if (limits.length > 0 && !limits.some((limit) => order(version, limit) < 0)) return false;
  const sorted = events
    .filter(({ limit }) => limit === undefined)
    .toSorted((a, b) => order(Object.values(a)[0] ?? '', Object.values(b)[0] ?? ''));
  let vulnerable = false;
  for (const { introduced, fixed, last_affected: last } of sorted) {
    if (introduced !== undefined && order(version, introduced) >= 0) vulnerable = true;
    else if (fixed !== undefined && order(version, fixed) >= 0) vulnerable = false;
    else if (last !== undefined && order(version, last) > 0) vulnerable = false;
  }
  return vulnerable;
}
