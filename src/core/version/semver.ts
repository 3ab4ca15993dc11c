import { numberKey, textKey } from './sort-key.ts';
import type { VersionOrder } from './version-order.ts';

/**
 * SemVer 2.0.0 precedence (section 11), read generously as feeds write it: a leading `v`, missing or additional
 * numbers, numbers of any length. Build metadata does not count.
 */
export const semverOrder: VersionOrder = {
  place: (version) => {
    const parts = readSemver(version);
    return parts === undefined ? undefined : { key: precedenceKey(parts), isValid: true };
  },
  isPrerelease: (version) => readSemver(version)?.prerelease !== undefined,
};

export interface SemverParts {
  readonly numbers: readonly string[];
  readonly prerelease: string | undefined;
  readonly build: string | undefined;
}

/** Undefined when it is no such version. */
export function readSemver(version: string): SemverParts | undefined {
  const match = SEMVER.exec(version.trim());
  if (match === null) return undefined;
  return { numbers: (match[1] ?? '').split('.'), prerelease: match[2], build: match[3] };
}

const SEMVER = /^[vV]?([0-9]+(?:\.[0-9]+)*)(?:-([0-9A-Za-z.-]+))?(?:\+([0-9A-Za-z.+-]*))?$/;

export function precedenceKey({ numbers, prerelease }: SemverParts): string {
  const [major = '0', minor = '0', patch = '0', ...more] = numbers;
  const significant = more.slice(0, more.findLastIndex((digits) => /[1-9]/.test(digits)) + 1);
  const rest = significant.map((digits) => `\x03${numberKey(digits)}`).join('');
  const core = numberKey(major) + numberKey(minor) + numberKey(patch) + rest;
  return `${core}\x02${prerelease === undefined ? '\x04' : identifiersKey(prerelease)}`;
}

/** Numeric identifiers are below others; fewer are below more. */
export function identifiersKey(identifiers: string): string {
  const keys = identifiers
    .split('.')
    .map((id) => (/^[0-9]+$/.test(id) ? `\x02${numberKey(id)}` : `\x03${textKey(id)}`));
  return `${keys.join('')}\x01`;
}
