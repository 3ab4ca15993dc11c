import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { AffectedPackage, AffectedRange } from './advisory.ts';
import { judge, verdictOf } from './match.ts';

const range = (introduced: string, fixed: string | null = null, lastAffected: string | null = null): AffectedRange => ({
  introduced,
  fixed,
  lastAffected,
});
const affected = (over: Partial<AffectedPackage>): AffectedPackage => ({
  package: 'pkg:generic/hello',
  stream: null,
  scheme: 'semver',
  ranges: [],
  versions: [],
  ...over,
});

const cases: readonly [string, Partial<AffectedPackage>, string, ReturnType<typeof judge>][] = [
  ['fixed is exclusive', { ranges: [range('0', '1.0.1')] }, '1.0.1', 'not-affected'],
  ['just below fixed', { ranges: [range('0', '1.0.1')] }, '1.0.0', 'affected'],
  ['introduced is inclusive', { ranges: [range('1.0.0', '1.0.1')] }, '1.0.0', 'affected'],
  ['just below introduced', { ranges: [range('1.0.0', '1.0.1')] }, '1.0.0-rc.1', 'not-affected'],
  ['introduced with all pre-releases', { ranges: [range('1.22.0-0')] }, '1.22.0-rc.1', 'affected'],
  ['"0" is before every pre-release', { ranges: [range('0', '1.0.0')] }, '0.0.0-alpha', 'affected'],
  ['"0" is before a tilde', { scheme: 'deb', ranges: [range('0', '1')] }, '0~', 'affected'],
  ['last affected is inclusive', { ranges: [range('0', null, '1.0.1')] }, '1.0.1', 'affected'],
  ['just above last affected', { ranges: [range('0', null, '1.0.1')] }, '1.0.2', 'not-affected'],
  ['never fixed', { ranges: [range('1.0.0')] }, '99.0.0', 'affected'],
  ['any of several ranges', { ranges: [range('0', '1.0.0'), range('2.0.0', '2.0.1')] }, '2.0.0', 'affected'],
  ['between two ranges', { ranges: [range('0', '1.0.0'), range('2.0.0', '2.0.1')] }, '1.5.0', 'not-affected'],
  ['named', { versions: ['1.2.3'], ranges: [range('2.0.0')] }, '1.2.3', 'affected'],
  ['named, equal in the order', { scheme: 'pypi', versions: ['1.0'] }, '1.0.0', 'affected'],
  ['not named', { versions: ['1.2.3'] }, '1.2.4', 'not-affected'],
  ['neither versions nor ranges', {}, '1.0.0', 'not-affected'],
  ['of the stream that is meant', { stream: '1', ranges: [range('0')] }, '1.0.0', 'affected'],
  ['of another stream', { stream: '2', ranges: [range('0')], versions: ['1.0.0'] }, '1.0.0', 'not-affected'],
  ['no version, not named', { ranges: [range('0', '1.0.1')] }, 'main', 'indeterminate'],
  ['no version, but named', { versions: ['main'] }, 'main', 'affected'],
  ['no version, but all are affected', { ranges: [range('0')] }, 'main', 'affected'],
  ['a bound that is no version', { ranges: [range('0', 'soon')] }, '1.0.0', 'indeterminate'],
  [
    'untagged Go module against a tagged bound',
    { scheme: 'go', ranges: [range('0', '1.2.3')] },
    'v0.0.0-20240101000000-abcdefabcdef',
    'indeterminate',
  ],
  [
    'untagged Go module against a dated bound',
    { scheme: 'go', ranges: [range('0', '0.0.0-20240201000000-abcdefabcdef')] },
    'v0.0.0-20240101000000-abcdefabcdef',
    'affected',
  ],
  ['Go standard library', { scheme: 'go', ranges: [range('1.25.0-0', '1.25.1')] }, 'go1.25rc1', 'affected'],
];

for (const [situation, over, version, expected] of cases) {
  test(`judge() is ${expected}: ${situation}`, () => {
    assert.equal(judge(affected(over), version, '1'), expected);
    assert.equal(verdictOf(affected(over), version, '1'), expected === 'affected' ? 'affected' : 'not-affected');
  });
}

test('verdictOf() over a range changes at its bounds only, whatever the scheme', () => {
  const version = fc.tuple(fc.nat(20), fc.nat(20), fc.nat(20)).map((parts) => parts.join('.'));
  const scheme = fc.constantFrom('semver', 'apk', 'deb', 'go', 'pypi', 'generic');
  fc.assert(
    fc.property(scheme, fc.array(version, { minLength: 3, maxLength: 3 }), (of, versions) => {
      const [low = '', middle = '', high = ''] = versions.toSorted(byNumbers);
      const covers = affected({ scheme: of, ranges: [range(low, high)] });
      assert.equal(verdictOf(covers, middle, '1'), middle === high ? 'not-affected' : 'affected');
      assert.equal(verdictOf(covers, high, '1'), 'not-affected');
    }),
  );
});

function byNumbers(a: string, b: string): number {
  const [x, y] = [a.split('.').map(Number), b.split('.').map(Number)];
  return x.map((n, index) => n - (y[index] ?? 0)).find((difference) => difference !== 0) ?? 0;
}
