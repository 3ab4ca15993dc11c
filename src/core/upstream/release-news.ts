import { acceptsVersion } from '../catalog/accepts-version.ts';
import type { Recipe } from '../catalog/catalog.ts';
import { compareVersions, isPrerelease, isValidVersion } from '../version/compare.ts';
import type { KnownRelease, KnownUpstream, Sighting } from './known-releases.ts';

export interface SeenTag {
  readonly name: string;
  /** What the tag's ref points at. */
  readonly objectId: string;
  /** The same after peeling. */
  readonly commit: string;
}

export interface NewsInput {
  /** All with one upstream. */
  readonly recipes: readonly Recipe[];
  readonly tags: readonly SeenTag[];
  readonly known: KnownUpstream | undefined;
  /** The look before this one, and when this one ended. */
  readonly lastLook: Temporal.Instant | null;
  readonly ended: Temporal.Instant;
  /** Subjects that a person approved. */
  readonly approved: ReadonlySet<string>;
}

export type ReleaseNews =
  /** The answer contradicts what was seen so far too much to be believed; nothing follows from it. */
  { readonly kind: 'unbelievable'; readonly why: string } | BelievedNews;

export interface BelievedNews {
  readonly kind: 'believed';
  /** Everything that is a version, whether a recipe takes it or not; ascending. */
  readonly versions: readonly string[];
  readonly appeared: readonly AppearedRelease[];
  readonly vanished: readonly KnownRelease[];
  /** The tag is there, but points at other code than it did. */
  readonly moved: readonly MovedTag[];
}

export interface AppearedRelease {
  readonly version: string;
  readonly stream: string;
  readonly tag: SeenTag;
  readonly prerelease: boolean;
  readonly sighting: Sighting;
  /** How often it was withdrawn before. */
  readonly withdrawals: number;
}

export interface MovedTag {
  readonly release: KnownRelease;
  readonly tag: SeenTag;
  /** What a person approves to let the new code be a release. */
  readonly subject: string;
}

/**
 * What one look at an upstream's tags says that was not known. An empty answer, or one in which most releases vanished
 * at once, comes from a broken or lying server rather than from upstream, and nothing is withdrawn for it. A tag that
 * points at other code never makes a release by itself: a person has to approve it.
 */
export function releaseNews(input: NewsInput): ReleaseNews {
  const { known } = input;
  const seen = new Map(input.tags.map((tag) => [tag.name, tag]));
  const held = [...(known?.releases.values() ?? [])].filter(({ withdrawn }) => !withdrawn);
  const vanished = held.filter(({ ref }) => !seen.has(ref));
  const why = disbelief({ tags: input.tags.length, held: held.length, vanished: vanished.length, known });
  if (why !== null) return { kind: 'unbelievable', why };
  const accepted = acceptedTags(input);
  const moved = held.concat(withdrawnOnes(known)).flatMap((release) => movedTag(release, seen.get(release.ref), input));
  const stuck = new Set(moved.map(({ release }) => release.version));
  return {
    kind: 'believed',
    versions: versionsIn(input),
    appeared: accepted.filter(({ version }) => isNews(known?.releases.get(version)) && !stuck.has(version)),
    vanished,
    moved,
  };
}

function disbelief({ tags, held, vanished, known }: Counts): string | null {
  if (tags === 0 && (held > 0 || (known?.run?.versions.length ?? 0) > 0))
    return 'it shows no tags at all, and it did before';
  if (held >= 4 && vanished * 2 > held) return `${vanished} of ${held} known releases are gone at once`;
  return null;
}

interface Counts {
  readonly tags: number;
  readonly held: number;
  readonly vanished: number;
  readonly known: KnownUpstream | undefined;
}

function isNews(known: KnownRelease | undefined): boolean {
  return known === undefined || known.withdrawn;
}

function withdrawnOnes(known: KnownUpstream | undefined): readonly KnownRelease[] {
  return [...(known?.releases.values() ?? [])].filter(({ withdrawn }) => withdrawn);
}

/** The same commit under a new tag object (signed again) is the same code. */
function movedTag(release: KnownRelease, tag: SeenTag | undefined, input: NewsInput): readonly MovedTag[] {
  if (tag === undefined || release.commit === null || release.commit === tag.commit) return [];
  const purl = input.recipes[0]?.upstream.purl ?? '';
  const subject = `release ${purl}@${release.version} ${tag.commit}`;
  return input.approved.has(subject) ? [] : [{ release, tag, subject }];
}

/** Each version once: the first recipe whose filter takes it names the stream. */
function acceptedTags(input: NewsInput): readonly AppearedRelease[] {
  const accepted = new Map<string, AppearedRelease>();
  for (const recipe of input.recipes) {
    const { scheme, stream } = recipe.upstream;
    for (const tag of input.tags) {
      const version = versionOf(recipe, tag.name);
      if (version === undefined || accepted.has(version) || !acceptsVersion(recipe, version)) continue;
      const prerelease = isPrerelease(scheme, version);
      const withdrawals = input.known?.releases.get(version)?.withdrawals ?? 0;
      const sighting = sightingOf(version, withdrawals, input);
      accepted.set(version, { version, stream, tag, prerelease, sighting, withdrawals });
    }
  }
  const scheme = input.recipes[0]?.upstream.scheme ?? 'generic';
  return [...accepted.values()].toSorted((a, b) => compareVersions(scheme, a.version, b.version));
}

/** A version that no recipe took until now may have been seen long ago; one that came back was not there lately. */
function sightingOf(version: string, withdrawals: number, input: NewsInput): Sighting {
  const earlier = withdrawals === 0 ? input.known?.sightings.get(version) : undefined;
  return earlier ?? { without: input.lastLook, first: input.ended };
}

/** Longer names are nobody's release, and patterns of a recipe should not have to read them. */
const TAG_LENGTH_MAX = 200;

/** The tag without the recipe's prefix, when the rest is a version. */
function versionOf({ update, upstream }: Recipe, tag: string): string | undefined {
  if (!tag.startsWith(update.stripPrefix) || tag.length > TAG_LENGTH_MAX) return undefined;
  const version = tag.slice(update.stripPrefix.length);
  return isValidVersion(upstream.scheme, version) ? version : undefined;
}

function versionsIn({ recipes, tags }: NewsInput): readonly string[] {
  const scheme = recipes[0]?.upstream.scheme ?? 'generic';
  const versions = new Set(recipes.flatMap((recipe) => tags.flatMap(({ name }) => versionOf(recipe, name) ?? [])));
  return [...versions].toSorted((a, b) => compareVersions(scheme, a, b) || (a < b ? -1 : 1));
}
