import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { AdvisoryRecord, AffectedPackage, AffectedRange } from '../../core/match/advisory.ts';
import type { Component } from '../../core/match/inventory.ts';
import { judge } from '../../core/match/match.ts';
import { verdictOn } from '../../core/match/verdict-on.ts';
import { versionSchemes } from '../../core/version/schemes.ts';
import { encodeIndex } from './encode-index.ts';
import type { IndexHit, IndexQuery } from './index-hit.ts';
import { openIndex } from './open-index.ts';

const plain: AdvisoryRecord = {
  id: 'CVE-2026-1',
  source: 'osv',
  aliases: [],
  summary: '',
  published: null,
  modified: '2026-03-01T00:00:00Z',
  withdrawn: null,
  severities: [],
  affected: [],
  exploitedSince: null,
  epss: null,
  malicious: false,
};
const hello: AffectedPackage = {
  package: 'pkg:generic/hello',
  stream: null,
  scheme: 'semver',
  ranges: [{ introduced: '1.0.0', fixed: '1.0.3', lastAffected: null }],
  versions: [],
};
const denied: AffectedPackage = { ...hello, stream: '1', ranges: [], verdict: 'not-affected' };
const query: IndexQuery = { package: hello.package, stream: '1', version: '1.0.1' };

const lookup = (records: readonly AdvisoryRecord[], asks: Partial<IndexQuery> = {}): readonly IndexHit[] =>
  openIndex(encodeIndex([{ source: 'osv', records }])).lookup({ ...query, ...asks });
const shown = ({ id, source, verdict, because, fixed }: IndexHit) => ({ id, source, verdict, because, fixed });

test('lookup() names the record, its range, and the release that fixes it', () => {
  const severities = (['low', 'critical', 'medium'] as const).map((level) => {
    return { source: 'nvd', type: 'label', vector: null, score: null, level } as const;
  });
  const record = { ...plain, affected: [hello], aliases: ['GHSA-1', 'GHSA-é-\ud800'], severities, malicious: true };
  const [hit, ...more] = lookup([{ ...plain, id: 'CVE-2026-2' }, record]);
  assert.ok(hit !== undefined && more.length === 0);
  assert.deepEqual(shown(hit), {
    id: 'CVE-2026-1',
    source: 'osv',
    verdict: 'affected',
    because: { kind: 'range', range: hello.ranges[0] },
    fixed: '1.0.3',
  });
  assert.deepEqual([hit.aliases, hit.level, hit.malicious, hit.position], [record.aliases, 'critical', true, 1]);
});

test('lookup() says not-affected where a record says so, and nothing where a version is outside of its ranges', () => {
  const [hit] = lookup([{ ...plain, affected: [denied] }]);
  assert.deepEqual([hit?.verdict, hit?.because, hit?.fixed], ['not-affected', { kind: 'stated' }, null]);
  assert.deepEqual(lookup([{ ...plain, affected: [denied] }], { stream: '2' }), []);
  assert.deepEqual(lookup([{ ...plain, affected: [hello] }], { version: '1.0.3' }), []);
});

test('lookup() prefers the range to the list of versions, and what is affected to what is not', () => {
  const [hit] = lookup([{ ...plain, affected: [denied, { ...hello, versions: ['1.0.1'] }] }]);
  assert.deepEqual([hit?.verdict, hit?.because.kind], ['affected', 'range']);
  const [named] = lookup([{ ...plain, affected: [{ ...hello, versions: ['v1.0.9'] }] }], { version: '1.0.9' });
  assert.deepEqual(named?.because, { kind: 'named', version: 'v1.0.9' });
});

test('lookup() knows the last version of a record only, and none that was withdrawn', () => {
  const first = { ...plain, affected: [hello] };
  assert.equal(lookup([first, { ...plain, affected: [] }]).length, 0);
  assert.equal(lookup([first, { ...first, withdrawn: '2026-03-02T00:00:00Z' }]).length, 0);
  assert.equal(lookup([first, { ...first, source: 'ghsa' }]).length, 2);
});

const semver = fc
  .tuple(fc.nat(2), fc.nat(3), fc.constantFrom('', '-rc.1', '-0'))
  .map(([a, b, pre]) => `${a}.${b}.0${pre}`);
const dated = fc.tuple(fc.nat(2), fc.nat(9)).map(([major, day]) => `v${major}.0.0-2024010${day}000000-abcdefabcdef`);
const version = fc.oneof(
  { weight: 6, arbitrary: semver },
  { weight: 1, arbitrary: semver.map((text) => `v${text}`) },
  { weight: 1, arbitrary: dated },
  { weight: 1, arbitrary: fc.tuple(fc.nat(3), fc.nat(9)).map(([a, b]) => `${a}:${b}.1~rc1-${b}`) },
  {
    weight: 1,
    arbitrary: fc.constantFrom('0', '0~', '1', '1.0', '01.0', 'main', '', ' 1.0', 'é', '1_rc', '1-\u{1f600}'),
  },
);
const bound = fc.option(version, { nil: null });
const range = fc.oneof(
  fc.record({ introduced: fc.oneof(fc.constant('0'), version), fixed: version, lastAffected: fc.constant(null) }),
  fc.record({ introduced: fc.oneof(fc.constant('0'), version), fixed: bound, lastAffected: bound }),
  fc.constant<AffectedRange>({ introduced: '0', fixed: '0', lastAffected: null }),
);
const name = fc.constantFrom('pkg:generic/hello', 'pkg:generic/bye', 'pkg:golang/a%2Fb');
const stream = fc.constantFrom('1', '2', '', '0.9');
const verdict = fc.constantFrom('not-affected', 'undetermined');
const spoken: fc.Arbitrary<AffectedPackage> = fc.record({
  package: name,
  stream: fc.option(stream, { nil: null }),
  scheme: fc.constantFrom(...versionSchemes),
  ranges: fc.array(range, { maxLength: 3 }),
  versions: fc.array(version, { maxLength: 2 }),
  unreadRanges: fc.constantFrom(0, 0, 1),
});
const affected = fc.oneof(
  { weight: 4, arbitrary: spoken },
  {
    weight: 1,
    arbitrary: fc.tuple(spoken, verdict).map(([said, outright]) => ({ ...said, versions: [], verdict: outright })),
  },
);
const record: fc.Arbitrary<AdvisoryRecord> = fc
  .record({
    id: fc.nat(12).map((number) => `CVE-2026-${number}`),
    source: fc.constantFrom('osv', 'ghsa'),
    withdrawn: fc.constantFrom(null, null, null, '2026-03-02T00:00:00Z'),
    affected: fc.array(affected, { maxLength: 5 }),
  })
  .map((some) => ({ ...plain, ...some }));
const records = fc.array(record, { maxLength: 12 });
const asks = fc.record({ package: name, stream, version });

/** What the rule over whole records says, the last version of each; what lies outside of ranges is no hit. */
function wholeVerdicts(all: readonly AdvisoryRecord[], asked: IndexQuery): readonly string[] {
  const newest = new Map(all.map((each) => [`${each.source} ${each.id}`, each]));
  return [...newest].flatMap(([named, each]) => {
    const said = verdictOn(componentOf(asked), each);
    const isSilent = said === null || said.because.kind === 'outside' || said.because.kind === 'withdrawn';
    return isSilent ? [] : [`${named} ${said.verdict}`];
  });
}

const componentOf = ({ package: upstream, stream, version }: IndexQuery): Component => ({
  purl: upstream,
  scheme: 'semver',
  upstream,
  stream,
  version,
  edge: 'is',
  package: '',
  patched: [],
});

const verdicts = (hits: readonly IndexHit[]) => hits.map((hit) => `${hit.source} ${hit.id} ${hit.verdict}`).toSorted();

test('lookup() and verdictOn() agree on any records, in one section and in several', () => {
  fc.assert(
    fc.property(records, fc.array(asks, { minLength: 1, maxLength: 8 }), (all, questions) => {
      const whole = openIndex(encodeIndex([{ source: 'all', records: all }]));
      whole.verify();
      const parts = ['osv', 'ghsa'].map((source) => {
        return { source, records: all.filter((each) => each.source === source) };
      });
      const inParts = openIndex(encodeIndex(parts));
      for (const question of questions) {
        const expected = wholeVerdicts(all, question).toSorted();
        assert.deepEqual(verdicts(whole.lookup(question)), expected);
        assert.deepEqual(verdicts(inParts.lookup(question)), expected);
      }
    }),
    { numRuns: process.env['SUTURE_LONG'] === '1' ? 50_000 : 1500 },
  );
});

test('lookup() loses nothing that verdictOn() finds in the numbers that makers of Go modules give', () => {
  const both = fc.tuple(spoken, fc.array(range, { minLength: 1, maxLength: 2 }));
  const numbered = both.map(([said, customRanges]) => ({ ...plain, affected: [{ ...said, customRanges }] }));
  fc.assert(
    fc.property(numbered, asks, (one, question) => {
      const said = verdictOn(componentOf(question), one);
      const [hit] = lookup([one], question);
      if (said === null || said.verdict === 'not-affected') return;
      assert.ok(hit?.verdict === 'affected' || hit?.verdict === said.verdict);
      assert.equal(hit.isPartial, true);
    }),
    { numRuns: 1000 },
  );
});

test('lookup() finds the range that decides: by itself it gives the same verdict', () => {
  fc.assert(
    fc.property(records, asks, (base, question) => {
      for (const hit of lookup(base, question)) {
        if (hit.because.kind !== 'range') continue;
        const { range: decided } = hit.because;
        const schemes = base.flatMap((each) =>
          each.affected.filter(({ ranges }) => ranges.some((one) => isSame(one, decided))),
        );
        const alone = schemes.map((each) =>
          judge({ ...each, stream: null, ranges: [decided], versions: [] }, question.version, ''),
        );
        assert.ok(alone.includes(hit.verdict), JSON.stringify(hit.because));
        assert.equal(hit.fixed, decided.fixed);
      }
    }),
    { numRuns: 300 },
  );
});

function isSame(a: AffectedRange, b: AffectedRange): boolean {
  return a.introduced === b.introduced && a.fixed === b.fixed && a.lastAffected === b.lastAffected;
}
