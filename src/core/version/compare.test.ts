import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { VersionScheme } from '../match/advisory.ts';
import { matchesApkFuzzily } from './apk.ts';
import { compareVersions, isPrerelease, isValidVersion } from './compare.ts';
import { versionSchemes } from './schemes.ts';

/** Each row ascends; `=` joins versions that are equal. */
const orders: readonly [VersionScheme, string][] = [
  ['apk', '1.0_alpha < 1.0_rc < 1.0_rc0 < 1.0 < 1.0-r0 < 1.0_p1 < 1.0.1'],
  ['apk', '2023.07.22 < 2023.7.22'],
  ['deb', '1.0~rc1-1 < 1.0 = 1.0-0 < 1.0-1 < 1.0-1+deb12u1 < 1.0a < 1.0.1 < 1:0.1'],
  ['rpm', '1.0~rc1-1 < 1.0 < 1.0-0 < 1.0-1 = 1.0-01 < 1.0-1.el9 < 1.0^git1-1 < 1.0a-1 < 1.0.1-1 < 1:0.1-1'],
  [
    'maven',
    '1.0-alpha-1 = 1a1 < 1.0-beta < 1-rc1 < 1.0-SNAPSHOT < 1 = 1.0.0 = 1.0-ga < 1-sp < 1-jre < 1-1 = 1-ga-1 < 1.0.1',
  ],
  ['maven', '2.9.0.RC1 < 2.9.0 < 2.9.0-1 < 2.9.0.1'],
  ['rubygems', '1.0.a < 1.0.a.1 < 1.0.b < 1.0-1 < 1 = 1.0 = 1.0.0-x86_64-linux < 1.0.1.rc1 < 1.0.1'],
  ['nuget', '1.0.0-alpha < 1.0.0-BETA = 1.0-beta+x < 1.0.0-beta.2 < 1.0.0-beta.11 < 1 = 1.0.0.0 < 1.0.0.1'],
  ['packagist', '1.0-x < 1.0-dev < 1.0a1 < 1.0beta2 = 1.0-b2 < v1.0RC1 < 1.0 = v1.0 < 1.0.0 < 1.0.1 < 1.0-p1'],
  ['pub', '1.0.0-pre < 1.0.0-pre+build < 1.0.0 < 1.0.0+1 < 1.0.0+2 < 1.0.0+10 < 1.0.0+a < 1.0.1'],
  ['bitnami', '2.3.1-rc1 < 2.3.1 = 2.3.1-4 = 2.3.1-debian-12-r4 < 2.3.2-0'],
  ['dotted', '0.1 = 0.01 < 0.1.0 = 0.1-0 < 0.9 < 0.75'],
  ['semver', '1.0.0-alpha < 1.0.0-alpha.1 < 1.0.0-rc.2 < 1.0.0-rc.11 < v1.0.0 = 1.0.0+build < 1.0.1'],
  ['go', 'go1.25rc1 = 1.25.0-rc.1 < 1.25.0 = go1.25 = go1.25 X:boringcrypto < v1.25.1'],
  ['go', 'v1.2.3 < v1.2.4-0.20240101000000-abcdefabcdef < v1.2.4-rc.1 < v1.2.4 = v1.2.4+incompatible'],
  ['pypi', '1.0.dev1 < 1.0a1 < 1.0b2.dev3 < 1.0b2 < 1.0rc1 < 1.0 = 1.0.0 < 1.0+local < 1.0.post1 < 1.1 < 1!0.1'],
  ['generic', '1.0-dev < 1.0-alpha1 < 1.0b2 < 1.0-rc1 < 1.0 = v1.0.0 = 1.0-final < 1.0a < 1.0k < 1.0.1 < 1.10'],
  ['generic', '2024-01-31 < 2024-02-01 < 20240201'],
  ['generic', 'R13B < R13B04 < R14A'],
];

for (const [scheme, row] of orders) {
  test(`compareVersions() keeps the order of ${scheme}: ${row}`, () => {
    const ascending = row.split(' < ').map((equals) => equals.split(' = '));
    for (const [i, left] of ascending.entries())
      for (const [j, right] of ascending.entries())
        for (const a of left)
          for (const b of right) assert.equal(compareVersions(scheme, a, b), Math.sign(i - j), `${a} and ${b}`);
  });
}

test('isPrerelease() knows what precedes a release in each scheme, and what does not', () => {
  const rows: readonly [VersionScheme, readonly string[], readonly string[]][] = [
    ['apk', ['1.0_rc1', '1.0_alpha-r1'], ['1.0', '1.0_p1', '1.0_git20240101-r2']],
    ['rpm', ['2.0~rc1-1.el9', '1:2.0~beta-1'], ['2.0-1.el9~1', '2.0^git1-1']],
    ['maven', ['1.0-SNAPSHOT', '1.0.M2', '1.0-cr1'], ['1.0', '1.0.Final', '1.0-jre8', '1.0a']],
    ['rubygems', ['1.0.rc1', '1.0-1'], ['1.0', '1.0.0-x86_64-linux']],
    ['nuget', ['1.0-beta'], ['1.0', '1.0.0+build']],
    ['packagist', ['1.0-BETA1', 'v1.0RC1', 'dev-main'], ['1.0', '1.0-p1']],
    ['pub', ['1.0.0-pre+1'], ['1.0.0+1']],
    ['bitnami', ['1.0.0-rc1'], ['1.0.0-1']],
    ['dotted', [], ['1.0-1']],
    ['deb', ['2.0~rc1-1', '1:2.0~beta-1'], ['2.0-1~deb12u1', '2.0-1', '2.0+dfsg-1']],
    ['semver', ['1.0.0-rc.1', 'v1.0.0-0'], ['1.0.0', 'v1.0.0+git.5']],
    ['go', ['go1.25rc1', 'v0.0.0-20240101000000-abcdefabcdef'], ['go1.25.1', 'v2.0.0+incompatible']],
    ['pypi', ['1.0rc1', '1.0.dev3', '1.0.post1.dev1'], ['1.0', '1.0.post1', '1.0+local']],
    ['generic', ['1.0-rc1', '1.0b2', '3.0.0-alpha5', '2.0-SNAPSHOT', '1.0-M3'], ['1.0', '1.0.2k', '1.0p1', '9b']],
  ];
  for (const [scheme, before, finals] of rows) {
    for (const version of before) assert.equal(isPrerelease(scheme, version), true, `${scheme} ${version}`);
    for (const version of finals) assert.equal(isPrerelease(scheme, version), false, `${scheme} ${version}`);
  }
});

test('isValidVersion() refuses what its scheme gives no place', () => {
  const rows: readonly [VersionScheme, string, string][] = [
    ['apk', '1.0a_p1-r3', '1.0a1'],
    ['deb', '1:1.0-1', '-1'],
    ['rpm', '1:1.0~rc1^git2-1.el9', 'a:1'],
    ['maven', 'Finchley.SR2', '[1.0,2.0)'],
    ['rubygems', '1.0.a-b', '1..0'],
    ['nuget', '1.0.0.0-a', '1.0.0.0.0'],
    ['packagist', 'v1.0-patch1', 'dev-main'],
    ['pub', '1.0.0+1', 'any'],
    ['bitnami', '1.0.0-1', 'latest'],
    ['dotted', '1.0-2', '1.0a'],
    ['semver', 'v1.2', '1.2_3'],
    ['go', 'go1.25rc1', '(devel)'],
    ['pypi', '1!1.0.post2', '1.0-bulbasaur'],
    ['generic', 'r5', 'main'],
  ];
  for (const [scheme, good, bad] of rows) {
    assert.deepEqual([isValidVersion(scheme, good), isValidVersion(scheme, bad)], [true, false], scheme);
  }
});

test('matchesApkFuzzily() compares whole parts: 1.22 does not begin with 1.2', () => {
  assert.equal(matchesApkFuzzily('1.2.3-r0', '1.2'), true);
  assert.equal(matchesApkFuzzily('1.22.3-r0', '1.2'), false);
});

test('compareVersions() is a total order over any text, and whitespace or a hostile length does not break it', () => {
  const text = fc.oneof(fc.string({ maxLength: 12 }), fc.stringMatching(/^v?[0-9]{1,3}([.~_+-][0-9a-c]{1,3}){0,4}$/));
  fc.assert(
    fc.property(fc.constantFrom(...versionSchemes), text, text, text, (scheme, a, b, c) => {
      const order = (x: string, y: string) => compareVersions(scheme, x, y);
      assert.equal(order(a, a), 0);
      assert.equal(order(a, b) + order(b, a), 0);
      if (order(a, b) <= 0 && order(b, c) <= 0) assert.ok(order(a, c) <= 0, `${a} ${b} ${c}`);
      assert.equal(typeof isValidVersion(scheme, a), 'boolean');
      assert.equal(typeof isPrerelease(scheme, a), 'boolean');
    }),
    { numRuns: process.env['SUTURE_LONG'] === '1' ? 100_000 : 2000 },
  );
  for (const scheme of versionSchemes) assert.equal(compareVersions(scheme, '9'.repeat(20_000), '1'), 1);
});
