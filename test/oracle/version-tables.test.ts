import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { VersionScheme } from '../../src/core/match/advisory.ts';
import { matchesApkFuzzily } from '../../src/core/version/apk.ts';
import { compareVersions, isValidVersion } from '../../src/core/version/compare.ts';
import { fixtureText } from '../support/fixtures.ts';

/**
 * Tables of the native tools. `excepted` rows hold a version that its scheme does not allow and that version 3 of the
 * apk tools judges otherwise than the version that made the table: digits after a letter (`6.6.2p1`), two dots in a row,
 * a revision without digits, text without a number in front. Rows of two valid versions have no exceptions.
 */
const tables: readonly {
  readonly scheme: VersionScheme;
  readonly archive: string;
  readonly file: string;
  readonly rows: number;
  readonly excepted: number;
}[] = [
  { scheme: 'apk', archive: 'apk-version', file: 'version.data', rows: 738, excepted: 0 },
  { scheme: 'apk', archive: 'osv-scalibr-semver', file: 'alpine-versions.txt', rows: 778, excepted: 12 },
  { scheme: 'apk', archive: 'osv-scalibr-semver', file: 'alpine-versions-generated.txt', rows: 13_979, excepted: 32 },
  { scheme: 'deb', archive: 'osv-scalibr-semver', file: 'debian-versions.txt', rows: 30, excepted: 0 },
  { scheme: 'deb', archive: 'osv-scalibr-semver', file: 'debian-versions-generated.txt', rows: 14_442, excepted: 0 },
  { scheme: 'semver', archive: 'osv-scalibr-semver', file: 'semver-versions.txt', rows: 86, excepted: 0 },
  { scheme: 'go', archive: 'osv-scalibr-semver', file: 'semver-versions.txt', rows: 86, excepted: 0 },
  { scheme: 'pypi', archive: 'osv-scalibr-semver', file: 'pypi-versions.txt', rows: 37, excepted: 0 },
  { scheme: 'pypi', archive: 'osv-scalibr-semver', file: 'pypi-versions-generated.txt', rows: 12_375, excepted: 0 },
];

for (const { scheme, archive, file, rows, excepted } of tables) {
  test(`compareVersions() agrees with the native tool: ${scheme}, ${file}`, (t) => {
    const text = fixtureText(t, archive, `${archive}/${file}`);
    if (text === undefined) return;
    const cases = [...text.matchAll(/^(\S+)[ \t]+([<>=])[ \t]+(\S+)/gm)].map(([row, a = '', sign, b = '']) => ({
      row,
      valid: isValidVersion(scheme, a) && isValidVersion(scheme, b),
      right:
        signOf(compareVersions(scheme, a, b)) === sign &&
        compareVersions(scheme, b, a) === -compareVersions(scheme, a, b),
    }));
    const wrong = cases.filter(({ right }) => !right);
    assert.deepEqual(
      wrong.filter(({ valid }) => valid).map(({ row }) => row),
      [],
    );
    assert.deepEqual({ rows: cases.length, excepted: wrong.length }, { rows, excepted });
  });
}

test('matchesApkFuzzily() and isValidVersion() agree with the apk tools: all other rows of version.data', (t) => {
  const text = fixtureText(t, 'apk-version', 'apk-version/version.data');
  if (text === undefined) return;
  const fuzzy = [...text.matchAll(/^(\S+)[ \t]+([!<>]?~|~)[ \t]+(\S+)/gm)];
  for (const [row, version = '', operator = '', pattern = ''] of fuzzy) {
    const matches = matchesApkFuzzily(version, pattern);
    const beyond = operator.startsWith(signOf(compareVersions('apk', version, pattern)));
    assert.ok(operator === '!~' ? !matches : operator === '~' ? matches : matches || beyond, row);
  }
  const single = [...text.matchAll(/^(!?)(\S*)$/gm)].filter(([row]) => row !== '');
  for (const [row, not, version = ''] of single) assert.equal(isValidVersion('apk', version), not === '', row);
  assert.deepEqual([fuzzy.length, single.length], [16, 31]);
});

function signOf(order: number): string {
  return order < 0 ? '<' : order > 0 ? '>' : '=';
}
