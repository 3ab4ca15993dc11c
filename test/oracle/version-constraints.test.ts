import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { VersionScheme } from '../../src/core/match/advisory.ts';
import { compareVersions, isValidVersion } from '../../src/core/version/compare.ts';
import { fixtureText } from '../support/fixtures.ts';

type Row = { readonly format: string } & (
  | { readonly version: string; readonly constraint: string; readonly satisfied: boolean }
  | { readonly a: string; readonly b: string; readonly cmp: number }
);

/** Rows of a scanner that hold more than an order: what it does beside, and which rows that is. */
const scanner: readonly {
  readonly format: string;
  readonly scheme: VersionScheme;
  readonly rows: number;
  readonly excepted?: readonly {
    readonly why: string;
    readonly rows: number;
    readonly is: (text: string) => boolean;
  }[];
}[] = [
  { format: 'apk', scheme: 'apk', rows: 34 },
  { format: 'deb', scheme: 'deb', rows: 75 },
  {
    format: 'rpm',
    scheme: 'rpm',
    rows: 71,
    excepted: [
      { why: 'an epoch that only one side has does not count there', rows: 12, is: hasOneEpoch },
      { why: 'el8 and el8.0.0 are equal there', rows: 2, is: (text) => text.includes('el8.0.0') },
    ],
  },
  {
    format: 'semver',
    scheme: 'semver',
    rows: 99,
    excepted: [
      { why: 'no SemVer: 1.0.0.alpha, 1.21rc2', rows: 20, is: (text) => /^\d+\.\d+(\.\d+\.[a-z]|rc)/.test(text) },
    ],
  },
  { format: 'go', scheme: 'go', rows: 3 },
  {
    format: 'pypi',
    scheme: 'pypi',
    rows: 27,
    excepted: [
      {
        why: 'a specifier without local part ignores that of the version',
        rows: 2,
        is: (text) => /^\S*\+cgr/.test(text),
      },
    ],
  },
  {
    format: 'maven',
    scheme: 'maven',
    rows: 86,
    excepted: [
      { why: 'the Java release in a version does not count there', rows: 4, is: (text) => /\.j(re|dk)/.test(text) },
    ],
  },
  { format: 'gem', scheme: 'rubygems', rows: 65 },
  { format: 'bitnami', scheme: 'bitnami', rows: 43 },
];

for (const { format, scheme, rows, excepted = [] } of scanner) {
  test(`compareVersions() decides what a scanner decides: ${format}`, (t) => {
    const text = fixtureText(t, 'grype-version-tables', 'grype-version-tables/cases.json');
    if (text === undefined) return;
    const cases = (JSON.parse(text) as readonly Row[]).filter((row) => row.format === format);
    const wrong = cases.filter((row) => !agrees(scheme, row)).map(textOf);
    assert.deepEqual(
      wrong.filter((row) => !excepted.some(({ is }) => is(row))),
      [],
    );
    const explained = excepted.map(({ is }) => wrong.filter(is).length);
    assert.deepEqual({ rows: cases.length, explained }, { rows, explained: excepted.map((each) => each.rows) });
  });
}

function agrees(scheme: VersionScheme, row: Row): boolean {
  if ('cmp' in row) return compareVersions(scheme, row.a, row.b) === Math.sign(row.cmp);
  return (
    row.constraint.split('||').some((all) => all.split(',').every((one) => holds(scheme, row.version, one))) ===
    row.satisfied
  );
}

function holds(scheme: VersionScheme, version: string, constraint: string): boolean {
  const [, operator = '', bound = ''] = /^\s*([<>]?=?)\s*['"]?(.*?)['"]?\s*$/.exec(constraint) ?? [];
  if (bound === '') return true;
  const order = compareVersions(scheme, version, bound);
  return operator.startsWith('<') || operator.startsWith('>')
    ? (operator.endsWith('=') && order === 0) || (operator.startsWith('<') ? order < 0 : order > 0)
    : order === 0;
}

function textOf(row: Row): string {
  return 'cmp' in row ? `${row.a} ${row.cmp} ${row.b}` : `${row.version} ${row.constraint} ${row.satisfied}`;
}

function hasOneEpoch(text: string): boolean {
  return (text.match(/\d+:/g) ?? []).length === 1 && !text.includes('el8.0.0');
}

const specification: readonly { readonly file: string; readonly scheme: VersionScheme; readonly rows: number }[] = [
  { file: 'alpine_version_cmp_test.json', scheme: 'apk', rows: 716 },
  { file: 'maven_version_cmp_test.json', scheme: 'maven', rows: 977 },
  { file: 'nuget_version_cmp_test.json', scheme: 'nuget', rows: 33 },
  { file: 'openssl_version_cmp_test.json', scheme: 'generic', rows: 44 },
];

interface SpecifiedCase {
  readonly test_type: 'comparison' | 'equality';
  readonly input: { readonly versions: readonly [string, string] };
  readonly expected_output: boolean | readonly string[];
}

for (const { file, scheme, rows } of specification) {
  test(`compareVersions() agrees with the vers specification: ${scheme}, ${file}`, (t) => {
    const text = fixtureText(t, 'vers-spec', `vers-spec/tests/${file}`);
    if (text === undefined) return;
    const { tests } = JSON.parse(text) as { readonly tests: readonly SpecifiedCase[] };
    for (const { input, expected_output: expected } of tests) {
      const [a, b] = input.versions;
      assert.ok(isValidVersion(scheme, a) && isValidVersion(scheme, b), `${a} and ${b} are versions`);
      const order = compareVersions(scheme, a, b);
      if (typeof expected === 'boolean') assert.equal(order === 0, expected, `${a} and ${b}`);
      else assert.equal(order, a === b ? 0 : sameText(a, expected[0]) ? -1 : 1, `${a} and ${b}`);
    }
    assert.equal(tests.length, rows);
  });
}

/** The specification writes versions of NuGet in lower case when it has sorted them. */
function sameText(a: string, b: string | undefined): boolean {
  return a.toLowerCase() === b?.toLowerCase();
}
