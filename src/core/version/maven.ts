import { numberKey, textKey } from './sort-key.ts';
import type { VersionOrder } from './version-order.ts';

/**
 * Maven's order (maven.apache.org/pom.html, "Version Order Specification"), made transitive. A version is its runs of
 * digits and of other characters, each behind a `.` or a `-`; between a digit and a letter there is a `-` unwritten.
 * Pre-release words are below the end, all else above it. Maven itself compares two kinds of parts without regard to
 * the end between them, and so holds 2.9.0.RC1 < 2.9.0 < 2.9.0-1 < 2.9.0.RC1; here the end decides.
 */
export const mavenOrder: VersionOrder = {
  place: (version) => ({ key: tokensKey(tokensOf(version)), isValid: /^[^\s[\](),]+$/.test(version.trim()) }),
  isPrerelease: (version) => tokensOf(version).some(({ kind }) => kind === 'pre'),
};

interface Token {
  readonly hyphen: boolean;
  /** `null`: zero, or a word that says only that this is a release. */
  readonly kind: 'null' | 'pre' | 'word' | 'number';
  /** Its order among those of its kind. */
  readonly key: string;
}

function tokensOf(version: string): readonly Token[] {
  const tokens: Token[] = [];
  const parts =
    version
      .trim()
      .toLowerCase()
      .match(/[0-9]+|[^0-9.-]+|[.-]/g) ?? [];
  let hyphen = false;
  for (const [index, part] of parts.entries()) {
    const before = parts[index - 1] ?? '.';
    if (isSeparator(part)) {
      if (isSeparator(before)) push(tokens, { hyphen, kind: 'null', key: '' });
      hyphen = part === '-';
    } else {
      push(tokens, { hyphen: hyphen || !isSeparator(before), ...readRun(part, parts[index + 1]) });
    }
  }
  dropNulls(tokens);
  return tokens;
}

function isSeparator(part: string): boolean {
  return part === '.' || part === '-';
}

/** Nulls do not count before a `-` and at the end: 1.0.0-foo.0 is 1-foo, and 1-ga-1 is 1-1. */
function push(tokens: Token[], token: Token): void {
  if (token.hyphen) dropNulls(tokens);
  tokens.push(token);
}

function dropNulls(tokens: Token[]): void {
  while (tokens.at(-1)?.kind === 'null') tokens.pop();
}

const PRE_WORDS = ['alpha', 'beta', 'milestone', 'rc', 'snapshot'];
const NULL_WORDS = new Set(['ga', 'final', 'release']);
/** Single letters are words only when digits follow at once: `1a1`, but not `1a`. */
const LETTERS: ReadonlyMap<string, string> = new Map([
  ['a', 'alpha'],
  ['b', 'beta'],
  ['m', 'milestone'],
]);

function readRun(run: string, next: string | undefined): Omit<Token, 'hyphen'> {
  if (/^0+$/.test(run)) return { kind: 'null', key: '' };
  if (/^[0-9]/.test(run)) return { kind: 'number', key: numberKey(run) };
  const whole = next !== undefined && /^[0-9]/.test(next) ? (LETTERS.get(run) ?? run) : run;
  if (NULL_WORDS.has(whole)) return { kind: 'null', key: '' };
  const pre = PRE_WORDS.indexOf(whole === 'cr' ? 'rc' : whole);
  if (pre >= 0) return { kind: 'pre', key: String.fromCharCode(0x20 + pre) };
  return { kind: 'word', key: whole === 'sp' ? '\x01' : `\x02${textKey(whole)}` };
}

const END = '\x05';

/** A null that is left stands by what comes after the nulls: a pre-release word, or something above the end. */
function tokensKey(tokens: readonly Token[]): string {
  let after: 'pre' | 'other' = 'other';
  const keys = tokens.toReversed().map(({ hyphen, kind, key }) => {
    if (kind !== 'null') after = kind === 'pre' ? 'pre' : 'other';
    return tagOf(kind, hyphen, after) + key;
  });
  return keys.toReversed().join('') + END;
}

function tagOf(kind: Token['kind'], hyphen: boolean, after: 'pre' | 'other'): string {
  switch (kind) {
    case 'pre':
      return hyphen ? '\x02' : '\x01';
    case 'null':
      if (after === 'pre') return hyphen ? '\x03' : '\x04';
      return hyphen ? '\x08' : '\x0a';
    case 'word':
      return hyphen ? '\x07' : '\x06';
    case 'number':
      return hyphen ? '\x09' : '\x0b';
  }
}
