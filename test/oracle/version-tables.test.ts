import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { VersionScheme } from '../../src/core/match/advisory.ts';
import { matchesApkFuzzily } from '../../src/core/version/apk.ts';
import { compareVersions, isValidVersion } from '../../src/core/version/compare.ts';
import { fixtureText } from '../support/fixtures.ts';

/** Rows that come out otherwise than in the table, and why that is right. Every other row must agree. */
interface Exception {
  readonly why: string;
  readonly row: RegExp;
  readonly rows: number;
}

interface Table {
  readonly scheme: VersionScheme;
  readonly archive: string;
  readonly file: string;
  readonly rows: number;
  readonly excepted?: readonly Exception[];
}

/** These versions are none for apk: version 3 of its tools compares only what is in front of the fault. */
const digitsAfterLetter: Omit<Exception, 'rows'> = {
  why: 'digits after a letter: 6.6.2p1',
  row: /^\d+(\.\d+)*p\d+(-r\d+)? < /,
};

/** What the tools of each ecosystem themselves say. */
const tables: readonly Table[] = [
  { scheme: 'apk', archive: 'apk-version', file: 'version.data', rows: 738 },
  {
    scheme: 'apk',
    archive: 'osv-scalibr-semver',
    file: 'alpine-versions.txt',
    rows: 778,
    excepted: [
      { ...digitsAfterLetter, rows: 1 },
      { why: 'two dots in a row, or a dot before r2', row: /^0\.(\.|8\.21\.r)/, rows: 6 },
      { why: 'a revision without digits, or two', row: /^1-r(0-1)? =/, rows: 2 },
      { why: 'no number in front', row: /^[.ac]/, rows: 3 },
    ],
  },
  {
    scheme: 'apk',
    archive: 'osv-scalibr-semver',
    file: 'alpine-versions-generated.txt',
    rows: 13_979,
    excepted: [{ ...digitsAfterLetter, rows: 32 }],
  },
  { scheme: 'deb', archive: 'osv-scalibr-semver', file: 'debian-versions.txt', rows: 30 },
  { scheme: 'deb', archive: 'osv-scalibr-semver', file: 'debian-versions-generated.txt', rows: 14_442 },
  { scheme: 'rpm', archive: 'osv-scalibr-semver', file: 'redhat-versions.txt', rows: 165 },
  { scheme: 'semver', archive: 'osv-scalibr-semver', file: 'semver-versions.txt', rows: 86 },
  { scheme: 'go', archive: 'osv-scalibr-semver', file: 'semver-versions.txt', rows: 86 },
  { scheme: 'pypi', archive: 'osv-scalibr-semver', file: 'pypi-versions.txt', rows: 37 },
  { scheme: 'pypi', archive: 'osv-scalibr-semver', file: 'pypi-versions-generated.txt', rows: 12_375 },
  { scheme: 'maven', archive: 'osv-scalibr-semver', file: 'maven-versions.txt', rows: 102 },
  {
    scheme: 'maven',
    archive: 'osv-scalibr-semver',
    file: 'maven-versions-generated.txt',
    rows: 14_752,
    excepted: [
      {
        why: 'a pre-release would be above what follows its own release: Maven until 3.8 goes in a circle here',
        row: /^(2\.9\.0-1 < 2\.9\.0\.RC1|1\.0\.0-gradle-rework-beta3 < 1\.0\.0\.RC7-3|1\.1\.0-01-glassfish < 1\.1\.0\.Beta1)$/,
        rows: 3,
      },
    ],
  },
  { scheme: 'rubygems', archive: 'osv-scalibr-semver', file: 'rubygems-versions.txt', rows: 25 },
  { scheme: 'rubygems', archive: 'osv-scalibr-semver', file: 'rubygems-versions-generated.txt', rows: 4098 },
  { scheme: 'nuget', archive: 'osv-scalibr-semver', file: 'nuget-versions.txt', rows: 35 },
  {
    scheme: 'packagist',
    archive: 'osv-scalibr-semver',
    file: 'packagist-versions.txt',
    rows: 95,
    excepted: [{ why: '1.2.3.# equals both 1.2.3 and 1.2.3.1: no order', row: /^1\.2\.3\.# = 1\.2\.3\.1$/, rows: 1 }],
  },
  { scheme: 'packagist', archive: 'osv-scalibr-semver', file: 'packagist-versions-generated.txt', rows: 10_630 },
  { scheme: 'pub', archive: 'osv-scalibr-semver', file: 'pub-versions.txt', rows: 100 },
  { scheme: 'dotted', archive: 'osv-scalibr-semver', file: 'cran-versions.txt', rows: 21 },
  { scheme: 'dotted', archive: 'osv-scalibr-semver', file: 'cran-versions-generated.txt', rows: 57 },
  { scheme: 'dotted', archive: 'osv-scalibr-semver', file: 'hackage-versions.txt', rows: 11 },
];

for (const { scheme, archive, file, rows, excepted = [] } of tables) {
  test(`compareVersions() agrees with the native tool: ${scheme}, ${file}`, (t) => {
    const text = fixtureText(t, archive, `${archive}/${file}`);
    if (text === undefined) return;
    const cases = [...text.matchAll(/^(\S+)[ \t]+([<>=])[ \t]+(\S+)/gm)];
    const wrong = cases.filter(([, a = '', sign, b = '']) => !agrees(scheme, [a, b], sign ?? ''));
    const unexplained = wrong.filter(([row]) => !excepted.some((exception) => exception.row.test(row)));
    assert.deepEqual(
      unexplained.map(([row]) => row),
      [],
    );
    const explained = excepted.map(({ row }) => wrong.filter(([text_]) => row.test(text_)).length);
    assert.deepEqual({ rows: cases.length, explained }, { rows, explained: excepted.map((each) => each.rows) });
    if (scheme !== 'maven') for (const [row, a = '', , b = ''] of wrong) assert.ok(!isValid(scheme, [a, b]), row);
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

function agrees(scheme: VersionScheme, [a, b]: readonly [string, string], sign: string): boolean {
  const order = compareVersions(scheme, a, b);
  return signOf(order) === sign && compareVersions(scheme, b, a) === -order;
}

function isValid(scheme: VersionScheme, versions: readonly string[]): boolean {
  return versions.every((version) => isValidVersion(scheme, version));
}

function signOf(order: number): string {
  return order < 0 ? '<' : order > 0 ? '>' : '=';
}
