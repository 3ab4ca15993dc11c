import type { VersionScheme } from '../../src/core/match/advisory.ts';
import { byGeneric, byMaven } from './plain-word-orders.ts';

/**
 * The orders of versions once more, written from the descriptions of their ecosystems as comparisons of two versions
 * and without keys, to judge the keys by. They know valid versions only.
 */
export const plainOrders: Readonly<Record<VersionScheme, (a: string, b: string) => number>> = {
  semver: (a, b) => bySemver(semver(a), semver(b)),
  go: (a, b) => bySemver(semver(goText(a)), semver(goText(b))),
  pub: (a, b) => bySemver(semver(a), semver(b)) || byOptional(semver(a).build, semver(b).build, byIdentifiers),
  bitnami: (a, b) => bySemver(semver(a.replace(REVISION, '$1')), semver(b.replace(REVISION, '$1'))),
  nuget: (a, b) => bySemver(semver(a.toLowerCase()), semver(b.toLowerCase())),
  dotted: (a, b) => byLists(a.split(/[.-]/), b.split(/[.-]/), (x, y) => byOptional(x, y, byNumber)),
  deb: (a, b) => byNumber(epoch(a), epoch(b)) || byDeb(...beforeDash(a), ...beforeDash(b)),
  rpm: (a, b) => byNumber(epoch(a), epoch(b)) || byRpm(...beforeDash(a), ...beforeDash(b)),
  apk: (a, b) => byLists(apkTokens(a), apkTokens(b), byApkToken),
  pypi: byPypi,
  rubygems: (a, b) => byLists(gemSegments(a), gemSegments(b), byGemSegment),
  packagist: (a, b) => byLists(phpRuns(a), phpRuns(b), byPhpRun),
  maven: byMaven,
  generic: byGeneric,
};

type Order<T> = (a: T, b: T) => number;

function byNumber(a: string, b: string): number {
  const [x, y] = [BigInt(a === '' ? '0' : a), BigInt(b === '' ? '0' : b)];
  return x < y ? -1 : x > y ? 1 : 0;
}

function byText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** What is missing is lowest. */
function byOptional<T>(a: T | undefined, b: T | undefined, order: Order<T>): number {
  if (a === undefined || b === undefined) return Number(a !== undefined) - Number(b !== undefined);
  return order(a, b);
}

function byLists<T>(a: readonly T[], b: readonly T[], order: Order<T | undefined>): number {
  for (let at = 0; at < Math.max(a.length, b.length); at += 1) {
    const found = order(a[at], b[at]);
    if (found !== 0) return found;
  }
  return 0;
}

function isNumber(text: string): boolean {
  return /^[0-9]/.test(text);
}

// SemVer 2.0.0, section 11.

interface Semver {
  readonly numbers: readonly string[];
  readonly pre: string | undefined;
  readonly build: string | undefined;
}

function semver(text: string): Semver {
  const [rest = '', ...build] = text.replace(/^v/, '').split('+');
  const dash = rest.indexOf('-');
  return {
    numbers: (dash < 0 ? rest : rest.slice(0, dash)).split('.'),
    pre: dash < 0 ? undefined : rest.slice(dash + 1),
    build: build.length === 0 ? undefined : build.join('+'),
  };
}

function bySemver(a: Semver, b: Semver): number {
  const numbers = byLists(a.numbers, b.numbers, (x, y) => byNumber(x ?? '0', y ?? '0'));
  if (numbers !== 0) return numbers;
  return byOptional(b.pre, a.pre, () => 0) || byOptional(a.pre, b.pre, byIdentifiers);
}

function byIdentifiers(a: string, b: string): number {
  return byLists(a.split('.'), b.split('.'), (x, y) =>
    byOptional(x, y, (one, other) => {
      const [isOne, isOther] = [/^[0-9]+$/.test(one), /^[0-9]+$/.test(other)];
      if (isOne !== isOther) return isOne ? -1 : 1;
      return isOne ? byNumber(one, other) : byText(one, other);
    }),
  );
}

const REVISION = /^([0-9.]+)-r?[0-9]+$/;

function goText(text: string): string {
  return text.replace(/^go/, '').replace(/^([0-9.]+)(rc|beta)([0-9]+)$/, '$1-$2.$3');
}

// Debian Policy 5.6.12 and rpm-version(7), character by character.

function epoch(text: string): string {
  return /^([0-9]+):/.exec(text)?.[1] ?? '0';
}

function beforeDash(text: string): [string, string | undefined] {
  const rest = text.replace(/^[0-9]+:/, '');
  const dash = rest.lastIndexOf('-');
  return dash < 0 ? [rest, undefined] : [rest.slice(0, dash), rest.slice(dash + 1)];
}

function byDeb(a: string, aRevision: string | undefined, b: string, bRevision: string | undefined): number {
  return byDebPart(a, b) || byDebPart(aRevision ?? '', bRevision ?? '');
}

function byDebPart(a: string, b: string): number {
  const cut = (text: string): readonly string[] => /^([^0-9]*)([0-9]*)(.*)$/.exec(text) ?? [];
  for (let [x, y] = [a, b]; x !== '' || y !== ''; ) {
    const [, aWord = '', aDigits = '', aRest = ''] = cut(x);
    const [, bWord = '', bDigits = '', bRest = ''] = cut(y);
    const found = byLists(aWord.split(''), bWord.split(''), byDebCharacter) || byNumber(aDigits, bDigits);
    if (found !== 0) return found;
    [x, y] = [aRest, bRest];
  }
  return 0;
}

function byDebCharacter(a: string | undefined, b: string | undefined): number {
  const weight = (character: string | undefined): number => {
    if (character === undefined) return 0;
    if (character === '~') return -1;
    return character.charCodeAt(0) + (/[A-Za-z]/.test(character) ? 0 : 256);
  };
  return Math.sign(weight(a) - weight(b));
}

function byRpm(a: string, aRelease: string | undefined, b: string, bRelease: string | undefined): number {
  return byRpmPart(a, b) || byOptional(aRelease, bRelease, byRpmPart);
}

function byRpmPart(a: string, b: string): number {
  for (let [x, y] = [a, b]; ; ) {
    [x, y] = [x.replace(/^[^0-9A-Za-z~^]+/, ''), y.replace(/^[^0-9A-Za-z~^]+/, '')];
    if (x === '' && y === '') return 0;
    if (x.startsWith('~') || y.startsWith('~')) {
      if (!x.startsWith('~')) return 1;
      if (!y.startsWith('~')) return -1;
      [x, y] = [x.slice(1), y.slice(1)];
    } else if (x === '' || y === '') {
      return x === '' ? -1 : 1;
    } else if (x.startsWith('^') || y.startsWith('^')) {
      if (!x.startsWith('^')) return 1;
      if (!y.startsWith('^')) return -1;
      [x, y] = [x.slice(1), y.slice(1)];
    } else {
      if (isNumber(x) !== isNumber(y)) return isNumber(x) ? 1 : -1;
      const run = isNumber(x) ? /^[0-9]+/ : /^[A-Za-z]+/;
      const [one, other] = [run.exec(x)?.[0] ?? '', run.exec(y)?.[0] ?? ''];
      const found = isNumber(x) ? byNumber(one, other) : byText(one, other);
      if (found !== 0) return found;
      [x, y] = [x.slice(one.length), y.slice(other.length)];
    }
  }
}

// apk-package(5) and the table of the tools: what is missing counts as the end.

const APK_KINDS = ['pre', 'end', 'revision', 'hash', 'count', 'post', 'letter', 'number'];
const APK_SUFFIXES = ['alpha', 'beta', 'pre', 'rc', 'cvs', 'svn', 'git', 'hg', 'p'];

interface ApkToken {
  readonly kind: string;
  readonly text: string;
  readonly first?: boolean;
}

function apkTokens(version: string): readonly ApkToken[] {
  const pieces = version.match(/^[0-9]+|\.[0-9]+|~[0-9a-f]+|-r[0-9]+|_[a-z]+|[a-z]|[0-9]+/g) ?? [];
  return pieces.map((piece, index): ApkToken => {
    if (index === 0) return { kind: 'number', text: piece, first: true };
    if (piece.startsWith('.')) return { kind: 'number', text: piece.slice(1) };
    if (piece.startsWith('~')) return { kind: 'hash', text: piece.slice(1) };
    if (piece.startsWith('-r')) return { kind: 'revision', text: piece.slice(2) };
    if (piece.startsWith('_')) {
      const rank = APK_SUFFIXES.indexOf(piece.slice(1));
      return { kind: rank < 4 ? 'pre' : 'post', text: String(rank) };
    }
    return { kind: isNumber(piece) ? 'count' : 'letter', text: piece };
  });
}

function byApkToken(a: ApkToken | undefined, b: ApkToken | undefined): number {
  const [one, other] = [a ?? { kind: 'end', text: '' }, b ?? { kind: 'end', text: '' }];
  if (one.kind !== other.kind) return Math.sign(APK_KINDS.indexOf(one.kind) - APK_KINDS.indexOf(other.kind));
  const asText =
    one.kind === 'hash' ||
    one.kind === 'letter' ||
    (one.kind === 'number' && one.first !== true && (one.text.startsWith('0') || other.text.startsWith('0')));
  return asText ? byText(one.text, other.text) : byNumber(one.text, other.text);
}

// PEP 440: each part is taken off the front in turn.

function byPypi(a: string, b: string): number {
  const [one, other] = [pypi(a), pypi(b)];
  return (
    byNumber(one.epoch, other.epoch) ||
    byLists(one.release, other.release, (x, y) => byNumber(x ?? '0', y ?? '0')) ||
    Math.sign(one.phase - other.phase) ||
    byNumber(one.pre, other.pre) ||
    byOptional(one.post, other.post, byNumber) ||
    (one.dev === undefined || other.dev === undefined
      ? Number(one.dev === undefined) - Number(other.dev === undefined)
      : byNumber(one.dev, other.dev)) ||
    byOptional(one.local, other.local, (x, y) => byLists(x.split(/[._-]/), y.split(/[._-]/), byLocalPart))
  );
}

/** Here numbers are above words. */
function byLocalPart(a: string | undefined, b: string | undefined): number {
  return byOptional(a, b, (x, y) => {
    const [isOne, isOther] = [/^[0-9]+$/.test(x), /^[0-9]+$/.test(y)];
    if (isOne !== isOther) return isOne ? 1 : -1;
    return isOne ? byNumber(x, y) : byText(x, y);
  });
}

function pypi(text: string) {
  let rest = text.toLowerCase().replace(/^v/, '');
  const take = (pattern: RegExp): RegExpExecArray | null => {
    const found = pattern.exec(rest);
    if (found !== null) rest = rest.slice(found[0].length);
    return found;
  };
  const epoch_ = take(/^([0-9]+)!/)?.[1] ?? '0';
  const release = (take(/^[0-9]+(\.[0-9]+)*/)?.[0] ?? '').split('.');
  const pre = take(/^[._-]?(alpha|beta|preview|pre|rc|a|b|c)[._-]?([0-9]*)/);
  const post = take(/^-([0-9]+)/) ?? take(/^[._-]?(?:post|rev|r)[._-]?([0-9]*)/);
  const dev = take(/^[._-]?dev[._-]?([0-9]*)/)?.[1];
  const local = take(/^\+(.*)/)?.[1];
  const phase = pre === null ? (post === null && dev !== undefined ? 0 : 4) : 1 + 'abcpr'.indexOf(pre[1]?.[0] ?? '');
  return {
    epoch: epoch_,
    release,
    phase: Math.min(phase, pre === null ? 4 : 3),
    pre: pre?.[2] ?? '',
    post: post?.[1],
    dev,
    local,
  };
}

// Gem::Version.

function gemSegments(text: string): readonly string[] {
  const all = text.replaceAll('-', '.pre.').match(/[0-9]+|[A-Za-z]+/g) ?? [];
  const word = all.findIndex((segment) => !isNumber(segment));
  const split = word < 0 ? all.length : word;
  const numbers = all.slice(0, split);
  while (/^0+$/.test(numbers.at(-1) ?? '')) numbers.pop();
  return [...numbers, ...all.slice(split)];
}

function byGemSegment(a = '0', b = '0'): number {
  if (isNumber(a) !== isNumber(b)) return isNumber(a) ? 1 : -1;
  return isNumber(a) ? byNumber(a, b) : byText(a, b);
}

// PHP's version_compare().

const PHP_FORMS: readonly (readonly [string, number])[] = [
  ['dev', 0],
  ['alpha', 1],
  ['a', 1],
  ['beta', 2],
  ['b', 2],
  ['RC', 3],
  ['rc', 3],
  ['pl', 6],
  ['p', 6],
];

function phpRuns(text: string): readonly string[] {
  return text.replace(/^v/, '').match(/[0-9]+|[A-Za-z]+/g) ?? [];
}

function byPhpRun(a: string | undefined, b: string | undefined): number {
  const weight = (run: string | undefined): number => {
    if (run === undefined) return 4;
    if (isNumber(run)) return 5;
    return PHP_FORMS.find(([form]) => run.startsWith(form))?.[1] ?? -1;
  };
  if (a !== undefined && b !== undefined && isNumber(a) && isNumber(b)) return byNumber(a, b);
  return Math.sign(weight(a) - weight(b));
}
