import { numberKey, textKey } from './sort-key.ts';
import type { VersionOrder } from './version-order.ts';

/**
 * Order for upstreams that follow no scheme: a version is its runs of digits and of letters, whatever separates them.
 * Numbers compare as numbers and are greater than words; a word of a pre-release (`alpha`, `b2`, `rc`, …) is lower than
 * the end, any other word or patch letter (`1.0.2k`, `p1`) greater. Zeros at the end of a row of numbers do not count:
 * 1.0 = 1.0.0. A leading `v` does not count either. Every text with a digit has a place in this order.
 */
export const genericOrder: VersionOrder = {
  place: (version) => ({ key: genericKey(version), isValid: /[0-9]/.test(version) }),
  isPrerelease: (version) => genericTokens(version).some((token) => token.kind === 'pre'),
};

export function genericKey(version: string): string {
  return `${genericTokens(version).map(tokenKey).join('')}${END}`;
}

type Token =
  | { readonly kind: 'number'; readonly digits: string }
  | { readonly kind: 'pre'; readonly rank: number }
  | { readonly kind: 'word'; readonly text: string };

const END = '\x02';

/** Words of pre-releases, lowest first; those in one row are equal. */
const PRE_WORDS: readonly (readonly string[])[] = [
  ['dev', 'devel', 'snapshot', 'nightly', 'canary'],
  ['alpha'],
  ['beta'],
  ['milestone'],
  ['pre', 'preview'],
  ['rc', 'cr', 'candidate'],
];

/** Single letters mean a pre-release only between numbers: `1.0a1`, but not in `1.0.2a` and `R13B04`. */
const PRE_LETTERS: ReadonlyMap<string, number> = new Map([
  ['a', 1],
  ['b', 2],
  ['m', 3],
  ['c', 5],
]);

/** Words that say only that this is a release. */
const FINAL_WORDS = new Set(['final', 'ga', 'release', 'stable']);

function genericTokens(version: string): readonly Token[] {
  const runs =
    version
      .trim()
      .toLowerCase()
      .replace(/^v(?=[0-9])/, '')
      .match(/[0-9]+|[a-z]+/g) ?? [];
  const tokens: Token[] = [];
  for (const [index, run] of runs.entries()) {
    if (isNumber(run)) tokens.push({ kind: 'number', digits: run });
    else if (!FINAL_WORDS.has(run)) pushWord(tokens, run, isNumber(runs[0]) && isNumber(runs[index + 1]));
  }
  dropZeros(tokens);
  return tokens;
}

function pushWord(tokens: Token[], word: string, betweenNumbers: boolean): void {
  dropZeros(tokens);
  const byWord = PRE_WORDS.findIndex((row) => row.includes(word));
  const rank = byWord >= 0 ? byWord : betweenNumbers ? (PRE_LETTERS.get(word) ?? -1) : -1;
  tokens.push(rank >= 0 ? { kind: 'pre', rank } : { kind: 'word', text: word });
}

function isNumber(run: string | undefined): boolean {
  return run !== undefined && /^[0-9]/.test(run);
}

function dropZeros(tokens: Token[]): void {
  for (let last = tokens.at(-1); last?.kind === 'number' && /^0+$/.test(last.digits); last = tokens.at(-1))
    tokens.pop();
}

function tokenKey(token: Token): string {
  switch (token.kind) {
    case 'pre':
      return `\x01${String.fromCharCode(0x20 + token.rank)}`;
    case 'word':
      return `\x03${textKey(token.text)}`;
    case 'number':
      return `\x04${numberKey(token.digits)}`;
  }
}
