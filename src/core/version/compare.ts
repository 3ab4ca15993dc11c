import type { VersionScheme } from '../match/advisory.ts';
import { apkKey, isApkKeyOfValid, isApkPrerelease } from './apk.ts';
import { debKey, isDebPrerelease, isValidDeb } from './deb.ts';
import { genericKey, isGenericPrerelease, isValidGeneric } from './generic.ts';
import { goKey, isGoPrerelease } from './go.ts';
import { isPypiKeyOfValid, isPypiPrerelease, pypiKey } from './pypi.ts';
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

/** A string whose code unit order is the order of versions. Keys of versions seen lately are remembered. */
export function versionKey(scheme: VersionScheme, version: string): string {
  const known = remembered[scheme].get(version);
  if (known !== undefined) return known;
  const key = buildKey(scheme, version);
  if (remembered[scheme].size >= REMEMBERED_MAX) remembered[scheme].clear();
  remembered[scheme].set(version, key);
  return key;
}

/** A tick compares the same few thousand versions over and over, and to look a key up is ten times cheaper. */
const REMEMBERED_MAX = 20_000;

const remembered: Readonly<Record<VersionScheme, Map<string, string>>> = {
  apk: new Map(),
  deb: new Map(),
  pypi: new Map(),
  generic: new Map(),
  semver: new Map(),
  go: new Map(),
};

function buildKey(scheme: VersionScheme, version: string): string {
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
      return isApkKeyOfValid(versionKey(scheme, version));
    case 'deb':
      return isValidDeb(version);
    case 'generic':
      return isValidGeneric(version);
    case 'pypi':
      return isPypiKeyOfValid(versionKey(scheme, version));
    case 'semver':
    case 'go':
      return !versionKey(scheme, version).startsWith(BELOW_ALL);
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

/** Keys of versions begin at 0x20, with a number. */
const BELOW_ALL = '\x00';

function belowAll(version: string): string {
  return `${BELOW_ALL}${genericKey(version)}${version}`;
}
