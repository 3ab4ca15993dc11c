import type { VersionScheme } from '../match/advisory.ts';
import { apkKey, isApkPrerelease, isValidApk } from './apk.ts';
import { debKey, isDebPrerelease, isValidDeb } from './deb.ts';
import { genericKey, isGenericPrerelease, isValidGeneric } from './generic.ts';
import { goKey, isGoPrerelease } from './go.ts';
import { isPypiPrerelease, isValidPypi, pypiKey } from './pypi.ts';
import { isSemverPrerelease, semverKey } from './semver.ts';

/**
 * Negative, zero or positive as `a` is lower than, equal to or higher than `b`. Total and transitive for any text:
 * what is no version of its scheme is lower than what is one.
 */
export function compareVersions(scheme: VersionScheme, a: string, b: string): number {
  const left = versionKey(scheme, a);
  const right = versionKey(scheme, b);
  return left < right ? -1 : left > right ? 1 : 0;
}

/** A string whose code unit order is the order of versions; build it once where many are compared. */
export function versionKey(scheme: VersionScheme, version: string): string {
  switch (scheme) {
    case 'apk':
      return apkKey(version);
    case 'deb':
      return debKey(version);
    case 'pypi':
      return pypiKey(version);
    case 'generic':
      return genericKey(version);
    case 'semver':
      return semverKey(version) ?? belowAll(version);
    case 'go':
      return goKey(version) ?? belowAll(version);
  }
}

/** Whether the scheme gives this text a place: only then is a verdict by ranges worth anything. */
export function isValidVersion(scheme: VersionScheme, version: string): boolean {
  switch (scheme) {
    case 'apk':
      return isValidApk(version);
    case 'deb':
      return isValidDeb(version);
    case 'pypi':
      return isValidPypi(version);
    case 'generic':
      return isValidGeneric(version);
    case 'semver':
      return semverKey(version) !== undefined;
    case 'go':
      return goKey(version) !== undefined;
  }
}

/** Whether it precedes a release: a candidate, an alpha, a commit between two releases. Such a thing is never usable. */
export function isPrerelease(scheme: VersionScheme, version: string): boolean {
  switch (scheme) {
    case 'apk':
      return isApkPrerelease(version);
    case 'deb':
      return isDebPrerelease(version);
    case 'pypi':
      return isPypiPrerelease(version);
    case 'generic':
      return isGenericPrerelease(version);
    case 'semver':
      return isSemverPrerelease(version);
    case 'go':
      return isGoPrerelease(version);
  }
}

/** Keys of real versions begin at 0x20 (a number). */
function belowAll(version: string): string {
  return `\x00${genericKey(version)}${version}`;
}
