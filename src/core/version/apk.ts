import { numberKey, textKey } from './sort-key.ts';
import type { VersionOrder } from './version-order.ts';

/**
 * Order of apk versions as the package manager of that name compares them (version 3), judged by its own table:
 * `digits{.digits}[letter]{_suffix[digits]}[~hash][-r digits]`. Where two versions first differ in the kind of their
 * parts, a pre-release suffix is lowest and otherwise the one with more content is greater. What comes after the first
 * invalid character does not count, and an invalid rest is lower than none.
 */
export const apkOrder: VersionOrder = {
  place: (version) => {
    const { key, valid } = readApk(version);
    return { key: key + (valid ? TAG.end : TAG.invalid), isValid: valid };
  },
  /** Holds an `alpha`, `beta`, `pre` or `rc` suffix. */
  isPrerelease: (version) => /_(?:alpha|beta|pre|rc)/.test(version),
};

export function isValidApk(version: string): boolean {
  return readApk(version).valid;
}

/** The `~` of dependencies: the version begins with all parts of the pattern. `1.2.3-r0` matches `1.2`. */
export function matchesApkFuzzily(version: string, pattern: string): boolean {
  const wanted = readApk(pattern);
  return wanted.valid && readApk(version).key.startsWith(wanted.key);
}

const TAG = {
  preSuffix: '\x01',
  invalid: '\x04',
  end: '\x05',
  revision: '\x06',
  hash: '\x07',
  suffixNumber: '\x08',
  postSuffix: '\x09',
  letter: '\x0a',
  number: '\x0b',
} as const;

const PRE_SUFFIXES = ['alpha', 'beta', 'pre', 'rc'];
const POST_SUFFIXES = ['cvs', 'svn', 'git', 'hg', 'p'];

/** Sticky patterns in the order in which the parts must come; each part may follow only an equal or earlier rank. */
const PARTS: readonly {
  readonly rank: number;
  readonly repeats: boolean;
  readonly pattern: RegExp;
  readonly key: (match: RegExpExecArray) => string | undefined;
}[] = [
  { rank: 1, repeats: true, pattern: /\.([0-9]+)/y, key: (m) => TAG.number + laterNumberKey(m[1] ?? '') },
  { rank: 2, repeats: false, pattern: /[a-z]/y, key: (m) => TAG.letter + m[0] },
  { rank: 3, repeats: true, pattern: /_([a-z]+)([0-9]*)/y, key: (m) => suffixKey(m[1] ?? '', m[2] ?? '') },
  { rank: 4, repeats: false, pattern: /~([0-9a-f]+)/y, key: (m) => TAG.hash + textKey(m[1] ?? '') },
  { rank: 5, repeats: false, pattern: /-r([0-9]+)/y, key: (m) => TAG.revision + numberKey(m[1] ?? '') },
];

function readApk(version: string): { readonly key: string; readonly valid: boolean } {
  const initial = /^[0-9]+/.exec(version);
  if (initial === null) return { key: '', valid: false };
  let key = numberKey(initial[0]);
  let at = initial[0].length;
  let rank = 0;
  while (at < version.length) {
    const part = readPart(version, at, rank);
    if (part === undefined) return { key, valid: false };
    key += part.key;
    at = part.end;
    rank = part.rank;
  }
  return { key, valid: true };
}

function readPart(version: string, at: number, rank: number): { key: string; end: number; rank: number } | undefined {
  for (const part of PARTS) {
    if (part.rank < rank || (part.rank === rank && !part.repeats)) continue;
    part.pattern.lastIndex = at;
    const match = part.pattern.exec(version);
    if (match === null) continue;
    const key = part.key(match);
    return key === undefined ? undefined : { key, end: part.pattern.lastIndex, rank: part.rank };
  }
  return undefined;
}

/** Numbers after the first: when either begins with 0 they compare as text, which puts those with a 0 below the others. */
function laterNumberKey(digits: string): string {
  return digits.startsWith('0') ? `\x01${textKey(digits)}` : `\x02${numberKey(digits)}`;
}

function suffixKey(name: string, digits: string): string | undefined {
  const number = digits === '' ? '' : TAG.suffixNumber + numberKey(digits);
  const pre = PRE_SUFFIXES.indexOf(name);
  if (pre >= 0) return TAG.preSuffix + String.fromCharCode(0x20 + pre) + number;
  const post = POST_SUFFIXES.indexOf(name);
  if (post >= 0) return TAG.postSuffix + String.fromCharCode(0x20 + post) + number;
  return undefined;
}
