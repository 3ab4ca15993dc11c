import { acceptsVersion } from '../catalog/accepts-version.ts';
import type { Recipe } from '../catalog/catalog.ts';
import type { VersionScheme } from '../match/advisory.ts';
import { isValidVersion } from '../version/compare.ts';
import { debianUpstreamVersion } from './debian-upstream-version.ts';

/** Who follows an upstream: which of the things that it shows are versions, and which of them it takes. */
export interface Follower {
  readonly stream: string;
  readonly scheme: VersionScheme;
  /** The version that a tag or archive names; undefined when it is no version for this follower. */
  readonly versionOf: (ref: string) => string | undefined;
  readonly accepts: (version: string) => boolean;
}

/** Longer names are nobody's release, and patterns of a recipe should not have to read them. */
const REF_LENGTH_MAX = 200;

export function recipeFollower(recipe: Recipe): Follower {
  const { stream, scheme } = recipe.upstream;
  return {
    stream,
    scheme,
    accepts: (version) => acceptsVersion(recipe, version),
    versionOf(ref) {
      if (ref.length > REF_LENGTH_MAX) return undefined;
      const version = recipe.source.kind === 'debian' ? debianUpstreamVersion(ref) : withoutPrefix(ref, recipe);
      return version !== undefined && isValidVersion(scheme, version) ? version : undefined;
    },
  };
}

/** A line that takes packages of a distribution's release as they are: every version of theirs is one of its stream. */
export function suiteFollower(stream: string): Follower {
  return {
    stream,
    scheme: 'deb',
    accepts: () => true,
    versionOf: (ref) => (ref.length <= REF_LENGTH_MAX && isValidVersion('deb', ref) ? ref : undefined),
  };
}

function withoutPrefix(ref: string, { update }: Recipe): string | undefined {
  return ref.startsWith(update.stripPrefix) ? ref.slice(update.stripPrefix.length) : undefined;
}
