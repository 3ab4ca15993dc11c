import type { VersionScheme } from '../match/advisory.ts';
import { apkOrder } from './apk.ts';
import { bitnamiOrder } from './bitnami.ts';
import { debOrder } from './deb.ts';
import { dottedOrder } from './dotted.ts';
import { genericKey, genericOrder } from './generic.ts';
import { goOrder } from './go.ts';
import { mavenOrder } from './maven.ts';
import { nugetOrder } from './nuget.ts';
import { packagistOrder } from './packagist.ts';
import { pubOrder } from './pub.ts';
import { pypiOrder } from './pypi.ts';
import { rpmOrder } from './rpm.ts';
import { rubygemsOrder } from './rubygems.ts';
import { semverOrder } from './semver.ts';
import { textKey } from './sort-key.ts';
import type { Place, VersionOrder } from './version-order.ts';

/**
 * Negative, zero or positive as `a` is lower than, equal to or higher than `b`. Total and transitive for any text:
 * what is no version of its scheme is lower than what is one.
 */
export function compareVersions(scheme: VersionScheme, a: string, b: string): number {
  const left = versionKey(scheme, a);
  const right = versionKey(scheme, b);
  return left < right ? -1 : left > right ? 1 : 0;
}

/** An ASCII string whose byte order is the order of versions. Every scheme has such keys. */
export function versionKey(scheme: VersionScheme, version: string): string {
  return placeOf(scheme, version).key;
}

/** Whether the scheme gives this text a place: only then is a verdict by ranges worth anything. */
export function isValidVersion(scheme: VersionScheme, version: string): boolean {
  return placeOf(scheme, version).isValid;
}

/** Whether it precedes a release: a candidate, an alpha, a commit between two releases. Such a thing is never usable. */
export function isPrerelease(scheme: VersionScheme, version: string): boolean {
  return orders[scheme].isPrerelease(version);
}

/** A tick compares the same few thousand versions over and over, and to look a key up is ten times cheaper. */
function placeOf(scheme: VersionScheme, version: string): Place {
  const known = remembered[scheme].get(version);
  if (known !== undefined) return known;
  const place = orders[scheme].place(version) ?? { key: belowAll(version), isValid: false };
  if (version.length > REMEMBERED_LENGTH_MAX) return place;
  if (remembered[scheme].size >= REMEMBERED_MAX) remembered[scheme].clear();
  remembered[scheme].set(version, place);
  return place;
}

const REMEMBERED_MAX = 20_000;
const REMEMBERED_LENGTH_MAX = 200;

function belowAll(version: string): string {
  return `\x00${genericKey(version)}${textKey(version)}`;
}

const orders: Readonly<Record<VersionScheme, VersionOrder>> = {
  semver: semverOrder,
  apk: apkOrder,
  deb: debOrder,
  rpm: rpmOrder,
  go: goOrder,
  pypi: pypiOrder,
  maven: mavenOrder,
  rubygems: rubygemsOrder,
  nuget: nugetOrder,
  packagist: packagistOrder,
  pub: pubOrder,
  bitnami: bitnamiOrder,
  dotted: dottedOrder,
  generic: genericOrder,
};

const remembered: Readonly<Record<VersionScheme, Map<string, Place>>> = {
  semver: new Map(),
  apk: new Map(),
  deb: new Map(),
  rpm: new Map(),
  go: new Map(),
  pypi: new Map(),
  maven: new Map(),
  rubygems: new Map(),
  nuget: new Map(),
  packagist: new Map(),
  pub: new Map(),
  bitnami: new Map(),
  dotted: new Map(),
  generic: new Map(),
};
