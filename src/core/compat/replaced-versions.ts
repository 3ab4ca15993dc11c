import type { InventoryPackage } from '../match/inventory.ts';

/**
 * Where a file of the image before may be now: `lib/libfoo.so.1.0.0` under `1.0.1` when a package went from the one to the
 * other. The function returned gives every candidate for a path.
 */
export function replacedVersions(
  before: readonly InventoryPackage[],
  after: readonly InventoryPackage[],
): (path: string) => readonly string[] {
  const now = new Map(after.map((one) => [one.name, one]));
  const replaced = before.flatMap((one) => {
    const next = now.get(one.name);
    return next === undefined ? [] : replacements(one.version, next.version);
  });
  return (path) =>
    replaced.filter(({ old }) => path.search(old) >= 0).map(({ old, next }) => path.replace(old, () => next));
}

interface Replacement {
  readonly old: RegExp;
  readonly next: string;
}

function replacements(before: string, after: string): readonly Replacement[] {
  const next = spellingsOf(after);
  const pairs = spellingsOf(before).map((old, i) => ({ old, next: next[i] ?? after }));
  return pairs
    .filter((pair, i) => pairs.findIndex((other) => other.old === pair.old && other.next === pair.next) === i)
    .filter((pair) => pair.old !== pair.next && isTelling(pair.old))
    .map((pair) => ({ old: standingAlone(pair.old), next: pair.next }));
}

/**
 * A version as names of files may have it, the same spelling at the same place: whole, without epoch, without revision
 * (`-r0` of apk, `-1+deb12u1` of Debian Policy 5.6.12), and the bare number, without what a maintainer added
 * (`1:1.2.13.dfsg-1` is 1.2.13, `5.6.1+really5.4.6-1` is 5.4.6).
 */
function spellingsOf(version: string): readonly string[] {
  const bare = version.replace(/^[0-9]+:/, '');
  const upstream = bare.replace(/-[^-]*$/, '');
  const number = /^[0-9]+(?:\.[0-9]+)*/.exec(upstream.replace(/^.*\+really/, ''))?.[0] ?? upstream;
  return [version, bare, upstream, number];
}

/** A bare `1` is part of too many names. */
function isTelling(text: string): boolean {
  return text.includes('.') || text.length > 3;
}

/** `1.2.1` is no part of `1.2.13`. */
function standingAlone(text: string): RegExp {
  return new RegExp(`(?<![0-9])${text.replace(/[^0-9A-Za-z]/g, String.raw`\$&`)}(?![0-9])`, 'g');
}
