import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { AdvisoryRecord, AffectedImport, AffectedPackage, AffectedRange } from './advisory.ts';
import type { VerdictOptions } from './component-verdict.ts';
import type { Component } from './inventory.ts';
import { verdictOn } from './verdict-on.ts';

const range = (introduced: string, fixed: string | null = null, lastAffected: string | null = null): AffectedRange => ({
  introduced,
  fixed,
  lastAffected,
});
const hello: AffectedPackage = {
  package: 'pkg:generic/hello',
  stream: null,
  scheme: 'semver',
  ranges: [],
  versions: [],
};
const component: Component = {
  purl: 'pkg:generic/hello@1.2.3',
  version: '1.2.3',
  scheme: 'semver',
  upstream: 'pkg:generic/hello',
  stream: '1',
  edge: 'is',
  package: 'hello',
  patched: [],
};
const record = (...affected: readonly Partial<AffectedPackage>[]): AdvisoryRecord => ({
  id: 'CVE-2026-1',
  source: 'osv',
  aliases: [],
  summary: '',
  published: null,
  modified: '2026-03-01T00:00:00Z',
  withdrawn: null,
  severities: [],
  affected: affected.map((each) => ({ ...hello, ...each })),
  exploitedSince: null,
  epss: null,
  malicious: false,
});
const part = (over: Partial<AffectedImport>): AffectedImport => ({
  path: 'hello/net',
  symbols: [],
  os: [],
  architectures: [],
  ...over,
});

interface Case {
  readonly affected: readonly Partial<AffectedPackage>[];
  readonly over?: Partial<Component>;
  readonly options?: VerdictOptions;
  readonly expected: readonly [verdict: string, kind: string, fixedIn: string | null] | null;
  readonly words?: string;
}

const all = [range('0')];
const upTo = [range('1.2.0', '1.2.5')];
const linked = (packages: readonly string[], symbols: readonly string[] | null) => ({ linked: { packages, symbols } });
const epochless = { scheme: 'rpm', isEpochUnknown: true } as const;

const cases: Readonly<Record<string, Case>> = {
  'inside a range': {
    affected: [{ ranges: upTo }],
    expected: ['affected', 'range', '1.2.5'],
    words: '1.2.3 is at or above 1.2.0 and below 1.2.5 in semver order',
  },
  'the fix itself': {
    affected: [{ ranges: upTo }],
    over: { version: '1.2.5' },
    expected: ['not-affected', 'outside', null],
    words: '1.2.5 is at or above the fix 1.2.5 in semver order',
  },
  'where the range begins': {
    affected: [{ ranges: upTo }],
    over: { version: '1.2.0' },
    expected: ['affected', 'range', '1.2.5'],
  },
  'just below the range': {
    affected: [{ ranges: upTo }],
    over: { version: '1.1.9' },
    expected: ['not-affected', 'outside', null],
    words: '1.1.9 is below 1.2.0 in semver order',
  },
  'above the last affected': {
    affected: [{ ranges: [range('0', null, '1.2.2')] }],
    expected: ['not-affected', 'outside', null],
    words: '1.2.3 is above 1.2.2, the last that is affected, in semver order',
  },
  'every version': {
    affected: [{ ranges: all }],
    expected: ['affected', 'range', null],
    words: '1.2.3 is affected as every version is',
  },
  'between two ranges': {
    affected: [{ ranges: [range('0', '1.0.0'), range('1.2.4', '1.2.6')] }],
    expected: ['not-affected', 'outside', null],
    words: '1.2.3 is at or above the fix 1.0.0 in semver order, and in no other range',
  },
  'named, and the next range above it ends': {
    affected: [{ versions: ['1.2.3'], ranges: [range('1.2.4', '1.2.6')] }],
    expected: ['affected', 'named', '1.2.6'],
    words: '1.2.3 is named as affected',
  },
  'not named, and no range': { affected: [{ versions: ['1.2.4'] }], expected: ['not-affected', 'outside', null] },
  'the first fix was incomplete': {
    affected: [{ ranges: [range('0', '1.2.4'), range('1.2.4', '1.2.6')] }],
    expected: ['affected', 'range', '1.2.6'],
  },
  'another statement reaches over the fix': {
    affected: [{ ranges: upTo }, { stream: '1', ranges: [range('0', '1.3.0')] }],
    expected: ['affected', 'range', '1.3.0'],
  },
  'another statement has no fix': {
    affected: [{ ranges: upTo }, { ranges: all }],
    expected: ['affected', 'range', null],
  },
  'a fix on another branch is not ours': {
    affected: [{ ranges: [range('0', '1.0.9'), range('1.1.0', '1.2.9'), range('2.0.0', '2.0.1')] }],
    expected: ['affected', 'range', '1.2.9'],
  },
  'another package': { affected: [{ package: 'pkg:generic/bye', ranges: all }], expected: null },
  'another stream': { affected: [{ stream: '2', ranges: all }], expected: null },
  'a statement that says nothing': { affected: [{}], expected: null },
  'no place in the order': {
    affected: [{ ranges: upTo }],
    over: { version: 'main' },
    expected: ['indeterminate', 'range', null],
    words: 'main cannot be held against 1.2.0 and 1.2.5: it has no place in semver order',
  },
  'a commit of Go without tags against a release': {
    affected: [{ scheme: 'go', ranges: upTo }],
    over: { version: 'v0.0.0-20240101000000-abcdefabcdef' },
    expected: ['not-affected', 'outside', null],
  },
  'a commit of Go without tags against a release from the beginning': {
    affected: [{ scheme: 'go', ranges: [range('0', '1.2.5')] }],
    over: { version: 'v0.0.0-20240101000000-abcdefabcdef' },
    expected: ['indeterminate', 'range', null],
    words:
      'v0.0.0-20240101000000-abcdefabcdef cannot be held against 1.2.5: a commit of a module without tags has no place among its releases',
  },
  'said to be not affected': {
    affected: [{ verdict: 'not-affected' }],
    expected: ['not-affected', 'stated', null],
    words: 'osv says outright that it is not affected',
  },
  'said to be undetermined': {
    affected: [{ verdict: 'undetermined' }],
    expected: ['indeterminate', 'stated', null],
    words: 'osv has not determined whether it is affected',
  },
  'undetermined in one statement, covered in another': {
    affected: [{ verdict: 'undetermined' }, { ranges: upTo }],
    expected: ['affected', 'range', '1.2.5'],
  },
  'unread ranges, and nothing else covers it': {
    affected: [{ ranges: [range('0', '1.0.0')], unreadRanges: 2 }],
    expected: ['indeterminate', 'unread', null],
    words: '1.2.3 is in no range that is read here, and 2 more are of a kind that is not',
  },
  'unread ranges beside one that covers it': {
    affected: [{ ranges: upTo, unreadRanges: 1 }],
    expected: ['affected', 'range', '1.2.5'],
  },
  'for another system': {
    affected: [{ ranges: all, imports: [part({ os: ['windows'] })] }],
    options: { os: 'linux', architecture: 'amd64' },
    expected: ['not-affected', 'elsewhere', null],
    words: 'only windows are affected, and this is linux/amd64',
  },
  'for another system, which nobody knows': {
    affected: [{ ranges: all, imports: [part({ os: ['windows'] })] }],
    expected: ['affected', 'range', null],
  },
  'for another system in one part of two': {
    affected: [{ ranges: all, imports: [part({ os: ['windows'] }), part({})] }],
    options: { os: 'linux' },
    expected: ['affected', 'range', null],
  },
  'for another architecture': {
    affected: [{ ranges: all, imports: [part({ architectures: ['arm64'] })] }],
    options: { architecture: 'amd64' },
    expected: ['not-affected', 'elsewhere', null],
  },
  'for the same architecture under another name': {
    affected: [{ ranges: all, imports: [part({ architectures: ['x86_64'] })] }],
    options: { architecture: 'amd64' },
    expected: ['affected', 'range', null],
  },
  'linked: the package is not': {
    affected: [{ ranges: all, imports: [part({ symbols: ['Listen'] })] }],
    over: linked(['hello/other'], null),
    expected: ['not-affected', 'not-linked', null],
    words: 'present but not linked: none of hello/net is in the program',
  },
  'linked: the package is, without its symbols': {
    affected: [{ ranges: all, imports: [part({ symbols: ['Listen'] })] }],
    over: linked(['hello/net'], ['hello/net.Dial', 'hello/other.Listen']),
    expected: ['not-affected', 'not-linked', null],
  },
  'linked: the symbol is': {
    affected: [{ ranges: all, imports: [part({ symbols: ['Dial', 'Conn.Close'] })] }],
    over: linked(['hello/net'], ['hello/net.Conn.Close']),
    expected: ['affected', 'range', null],
  },
  'linked: the package is, and all of it is affected': {
    affected: [{ ranges: all, imports: [part({})] }],
    over: linked(['hello/net'], []),
    expected: ['affected', 'range', null],
  },
  'linked: a program that does not tell its symbols': {
    affected: [{ ranges: all, imports: [part({ symbols: ['Listen'] })] }],
    over: linked(['hello/net'], null),
    expected: ['affected', 'range', null],
  },
  'linked: only what is for another system': {
    affected: [{ ranges: all, imports: [part({ os: ['windows'] }), part({ path: 'hello/other' })] }],
    over: linked(['hello/net'], null),
    options: { os: 'linux' },
    expected: ['not-affected', 'not-linked', null],
  },
  'a fix for those who pay': {
    affected: [{ ranges: upTo, channel: 'pro' }],
    expected: ['affected', 'range', null],
    words: '1.2.3 is at or above 1.2.0 and below 1.2.5 in semver order; 1.2.5 is only for those who pay for pro',
  },
  'a fix for those who pay, and they do': {
    affected: [{ ranges: upTo, channel: 'pro' }],
    options: { paidChannels: ['pro'] },
    expected: ['affected', 'range', '1.2.5'],
    words: '1.2.3 is at or above 1.2.0 and below 1.2.5 in semver order',
  },
  'decided against': {
    affected: [{ ranges: all, noFix: 'refused' }],
    expected: ['affected', 'range', null],
    words: '1.2.3 is affected as every version is; no fix: decided against',
  },
  'a Go release against the numbers of its makers: fixed': {
    affected: [{ scheme: 'go', ranges: all, customRanges: [range('0', '1.2.3')] }],
    expected: ['not-affected', 'outside', null],
  },
  'a Go release against the numbers of its makers: below': {
    affected: [{ scheme: 'go', ranges: all, customRanges: [range('0', '1.2.4')] }],
    expected: ['affected', 'range', '1.2.4'],
  },
  'a commit of Go against the numbers of its makers': {
    affected: [{ scheme: 'go', ranges: all, customRanges: [range('0', '1.2.3')] }],
    over: { version: 'v0.0.0-20240101000000-abcdefabcdef' },
    expected: ['affected', 'range', null],
  },
  'a Go release in a range of Go that ends at one': {
    affected: [{ scheme: 'go', ranges: upTo, customRanges: [range('0', '1.0.0')] }],
    expected: ['affected', 'range', '1.2.5'],
  },
  'a Go release above the end that only Go knows': {
    affected: [{ scheme: 'go', ranges: [range('0', '1.2.3')], customRanges: [range('1.0.0')] }],
    expected: ['not-affected', 'outside', null],
  },
  'a Go release below the end that only Go knows': {
    affected: [{ scheme: 'go', ranges: [range('0', '1.2.4')], customRanges: [range('1.0.0')] }],
    expected: ['affected', 'range', '1.2.4'],
  },
  'a Go release where Go knows a commit as end': {
    affected: [
      { scheme: 'go', ranges: [range('0', '0.0.0-20240101000000-abcdefabcdef')], customRanges: [range('1.0.0')] },
    ],
    expected: ['affected', 'range', null],
  },
  'a Go release where its makers know only commits, and Go no end': {
    affected: [{ scheme: 'go', ranges: all, customRanges: [range('0', '1.0.1-0.20240101000000-abcdefabcdef')] }],
    expected: ['affected', 'range', null],
  },
  'a Go release below a commit that its makers know as end': {
    affected: [
      {
        scheme: 'go',
        ranges: [range('2.0.0', '2.0.1')],
        customRanges: [range('0', '1.2.4-0.20240101000000-abcdefabcdef')],
      },
    ],
    expected: ['affected', 'range', '1.2.4-0.20240101000000-abcdefabcdef'],
  },
  'a release that Go knows to be mended, by numbers of its makers that are meant for people': {
    affected: [{ scheme: 'go', ranges: [range('0', '0.19.8')], customRanges: [range('0', '19.0.8')] }],
    over: { version: 'v0.19.8' },
    expected: ['not-affected', 'outside', null],
  },
  'the release before it': {
    affected: [{ scheme: 'go', ranges: [range('0', '0.19.8')], customRanges: [range('0', '19.0.8')] }],
    over: { version: 'v0.19.7' },
    expected: ['affected', 'range', '0.19.8'],
  },
  'a release of a later major version, which Go calls incompatible': {
    affected: [{ scheme: 'go', ranges: [range('4.2.0', '4.2.1')], customRanges: [range('0', '4.1.2')] }],
    over: { version: 'v3.7.5+incompatible' },
    expected: ['affected', 'range', '4.1.2'],
  },
  'rpm: a source version has no epoch, the bound has': {
    affected: [{ scheme: 'rpm', ranges: [range('0', '1:1.2.3-4')] }],
    over: { ...epochless, version: '1.2.3-4' },
    expected: ['not-affected', 'outside', null],
  },
  'rpm: a source version below': {
    affected: [{ scheme: 'rpm', ranges: [range('0', '1:1.2.3-4')] }],
    over: { ...epochless, version: '1.2.3-3' },
    expected: ['affected', 'range', '1.2.3-4'],
  },
  'rpm: a binary version without epoch has epoch 0': {
    affected: [{ scheme: 'rpm', ranges: [range('0', '1:1.2.3-4')] }],
    over: { scheme: 'rpm', version: '1.2.3-4' },
    expected: ['affected', 'range', '1:1.2.3-4'],
  },
};

for (const [situation, { affected, over, options, expected, words }] of Object.entries(cases)) {
  test(`verdictOn() is ${expected?.[0] ?? 'silent'}: ${situation}`, () => {
    const found = verdictOn({ ...component, ...over }, record(...affected), options);
    assert.deepEqual(found && [found.verdict, found.because.kind, found.fixedIn], expected);
    if (words !== undefined) assert.equal(found?.words, words);
  });
}

test('verdictOn() is not-affected by what its publisher withdrew, and says since when', () => {
  const found = verdictOn(component, { ...record({ ranges: all }), withdrawn: '2026-03-02T00:00:00Z' });
  assert.deepEqual([found?.verdict, found?.words], ['not-affected', 'osv withdrew CVE-2026-1 at 2026-03-02T00:00:00Z']);
});
