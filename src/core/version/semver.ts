import { numberKey, textKey } from './sort-key.ts';

/**
 * SemVer 2.0.0 precedence (section 11), read generously as feeds write it: a leading `v`, missing or additional
 * numbers, numbers of any length. Build metadata does not count. Undefined when it is no such version.
 */
export function semverKey(version: string): string | undefined {
  const match = SEMVER.exec(version.trim());
  if (match === null) return undefined;
  const [major = '0', minor = '0', patch = '0', ...more] = (match[1] ?? '').split('.');
  const core = numberKey(major) + numberKey(minor) + numberKey(patch) + more.map((n) => `\x03${numberKey(n)}`).join('');
  return `${core}\x02${prereleaseKey(match[2])}`;
}

export function isSemverPrerelease(version: string): boolean {
  return SEMVER.exec(version.trim())?.[2] !== undefined;
}

const SEMVER = /^v?([0-9]+(?:\.[0-9]+)*)(?:-([0-9A-Za-z.-]+))?(?:\+[0-9A-Za-z.+-]*)?$/;

/** Numeric identifiers are below others; fewer are below more; none at all is above every pre-release. */
function prereleaseKey(prerelease: string | undefined): string {
  if (prerelease === undefined) return '\x7f';
  const identifiers = prerelease
    .split('.')
    .map((id) => (/^[0-9]+$/.test(id) ? `\x02${numberKey(id)}` : `\x03${textKey(id)}`));
  return `${identifiers.join('')}\x01`;
}
