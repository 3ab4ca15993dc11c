import { numberKey, textKey } from './sort-key.ts';
import type { VersionOrder } from './version-order.ts';

/**
 * Order of Python versions (PEP 440, "Summary of permitted suffixes and relative ordering"). Versions from before that
 * standard are lower than all others and keep the order that their installer gave them.
 */
export const pypiOrder: VersionOrder = {
  place: (version) => {
    const parsed = parsePep440(version);
    return parsed === undefined
      ? { key: `${LEGACY}${legacyKey(version)}`, isValid: false }
      : { key: `${STANDARD}${pep440Key(parsed)}`, isValid: true };
  },
  isPrerelease: (version) => {
    const parsed = parsePep440(version);
    return parsed !== undefined && (parsed.pre !== undefined || parsed.dev !== undefined);
  },
};

const LEGACY = '\x01';
const STANDARD = '\x02';

interface Pep440 {
  readonly epoch: string;
  readonly release: readonly string[];
  readonly pre: { readonly phase: string; readonly number: string } | undefined;
  readonly post: string | undefined;
  readonly dev: string | undefined;
  readonly local: string | undefined;
}

const PEP440 = new RegExp(
  [
    '^v?(?:(?<epoch>[0-9]+)!)?(?<release>[0-9]+(?:\\.[0-9]+)*)',
    '(?<pre>[._-]?(?<phase>alpha|beta|preview|pre|rc|a|b|c)[._-]?(?<preNumber>[0-9]*))?',
    '(?<post>-(?<implicit>[0-9]+)|[._-]?(?:post|rev|r)[._-]?(?<postNumber>[0-9]*))?',
    '(?<dev>[._-]?dev[._-]?(?<devNumber>[0-9]*))?',
    '(?:\\+(?<local>[a-z0-9]+(?:[._-][a-z0-9]+)*))?$',
  ].join(''),
);

function parsePep440(version: string): Pep440 | undefined {
  const groups = PEP440.exec(version.trim().toLowerCase())?.groups;
  if (groups === undefined) return undefined;
  return {
    epoch: groups['epoch'] ?? '0',
    release: (groups['release'] ?? '').split('.'),
    pre: groups['pre'] === undefined ? undefined : { phase: groups['phase'] ?? '', number: groups['preNumber'] ?? '' },
    post: groups['post'] === undefined ? undefined : (groups['implicit'] ?? groups['postNumber'] ?? ''),
    dev: groups['dev'] === undefined ? undefined : (groups['devNumber'] ?? ''),
    local: groups['local'],
  };
}

function pep440Key(version: Pep440): string {
  const significant = version.release.slice(0, version.release.findLastIndex((n) => /[1-9]/.test(n)) + 1);
  const release = significant.map((n) => `\x05${numberKey(n)}`).join('');
  return `${numberKey(version.epoch)}${release}\x03${preKey(version)}${postKey(version)}${devKey(version)}${localKey(version)}`;
}

/** A development release of the release itself comes before its alphas; no pre-release after its candidates. */
function preKey({ pre, post, dev }: Pep440): string {
  if (pre !== undefined) return `\x02${phaseRank(pre.phase)}${numberKey(pre.number)}`;
  return post === undefined && dev !== undefined ? '\x01' : '\x03';
}

function phaseRank(phase: string): string {
  if (phase.startsWith('a')) return '\x01';
  return phase.startsWith('b') ? '\x02' : '\x03';
}

function postKey({ post }: Pep440): string {
  return post === undefined ? '\x01' : `\x02${numberKey(post)}`;
}

function devKey({ dev }: Pep440): string {
  return dev === undefined ? '\x02' : `\x01${numberKey(dev)}`;
}

function localKey({ local }: Pep440): string {
  if (local === undefined) return '\x01';
  const parts = local
    .split(/[._-]/)
    .map((part) => (/^[0-9]+$/.test(part) ? `\x04${numberKey(part)}` : `\x03${textKey(part)}`));
  return `\x02${parts.join('')}\x02`;
}

const LEGACY_WORDS: ReadonlyMap<string, string> = new Map([
  ['pre', 'c'],
  ['preview', 'c'],
  ['rc', 'c'],
  ['-', 'final-'],
  ['dev', '@'],
]);

/** Numbers padded to eight digits, words marked with `*` so that they precede numbers, "final" at the end. */
function legacyKey(version: string): string {
  const parts: string[] = [];
  for (const found of version.toLowerCase().match(/[0-9]+|[a-z]+|-|[^0-9a-z.-]+/g) ?? []) {
    if (/^[0-9]/.test(found)) parts.push(found.padStart(8, '0'));
    else pushLegacyWord(parts, `*${LEGACY_WORDS.get(found) ?? found}`);
  }
  pushLegacyWord(parts, '*final');
  return parts.map(textKey).join('');
}

function pushLegacyWord(parts: string[], word: string): void {
  if (word < '*final') while (parts.at(-1) === '*final-') parts.pop();
  while (parts.at(-1) === '00000000') parts.pop();
  parts.push(word);
}
