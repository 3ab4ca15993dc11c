import type { ReleaseForm } from '../fact.ts';
import { compareVersions, isPrerelease } from '../version/compare.ts';
import type { Follower } from './follower.ts';
import { knownRelease, type KnownRelease, type KnownUpstream, type Sighting } from './known-releases.ts';

/** A tag of a repository, an archive, or a version that a distribution offers. */
export interface SeenTag {
  readonly name: string;
  /** What the tag's ref points at; the SHA-256 of an archive. */
  readonly objectId: string;
  /** The same after peeling: what may not change under one name. */
  readonly commit: string;
}

export interface NewsInput {
  readonly upstream: string;
  /** All of this upstream. */
  readonly followers: readonly Follower[];
  readonly form: ReleaseForm;
  /** What was looked at, empty where an upstream has but one place: others say nothing about this one. */
  readonly where: string;
  readonly tags: readonly SeenTag[];
  readonly known: KnownUpstream | undefined;
  /** The look before this one, and when this one ended. */
  readonly lastLook: Temporal.Instant | null;
  readonly ended: Temporal.Instant;
  /** Whether a person approved that subject. */
  readonly isApproved: (subject: string) => boolean;
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
  const here = [...(known?.releases.values() ?? [])].filter(({ where }) => where === input.where);
  const held = here.filter(({ withdrawn }) => !withdrawn);
  const vanished = held.filter(({ ref }) => !seen.has(ref) && !isSuperseded(ref, input));
  const before = known?.places.get(input.where)?.run?.versions.length ?? 0;
  const why = disbelief({ tags: input.tags.length, held: held.length, vanished: vanished.length, before });
  if (why !== null) return { kind: 'unbelievable', why };
  const accepted = acceptedTags(input);
  const moved = here.flatMap((release) => movedTag(release, seen.get(release.ref), input));
  const stuck = new Set(moved.map(({ release }) => release));
  return {
    kind: 'believed',
    versions: versionsIn(input),
    appeared: accepted.filter(({ stream, version }) => {
      const release = knownRelease(known, stream, version);
      return release === undefined || (release.withdrawn && !stuck.has(release));
    }),
    vanished,
    moved,
  };
}

/**
 * An archive of packages shows the newest versions only: what a higher one took the place of was not taken back. A
 * distribution takes nothing back at all, and a suite that nobody names any more says nothing about what it offered.
 */
function isSuperseded(ref: string, { form, followers, tags }: NewsInput): boolean {
  if (form !== 'tarball') return form === 'registry';
  return followers.some(({ scheme, versionOf }) => {
    const gone = versionOf(ref);
    if (gone === undefined) return false;
    return tags.some(({ name }) => compareVersions(scheme, versionOf(name) ?? '', gone) >= 0);
  });
}

function disbelief({ tags, held, vanished, before }: Counts): string | null {
  if (tags === 0 && (held > 0 || before > 0)) return 'it shows no tags at all, and it did before';
  if (held >= 4 && vanished * 2 > held) return `${vanished} of ${held} known releases are gone at once`;
  return null;
}

interface Counts {
  readonly tags: number;
  readonly held: number;
  readonly vanished: number;
  /** How many versions the look before this one showed. */
  readonly before: number;
}

/** The same commit under a new tag object (signed again) is the same code. */
function movedTag(release: KnownRelease, tag: SeenTag | undefined, input: NewsInput): readonly MovedTag[] {
  if (tag === undefined || release.commit === null || release.commit === tag.commit) return [];
  const subject = `release ${input.upstream}@${release.version} ${tag.commit}`;
  return input.isApproved(subject) ? [] : [{ release, tag, subject }];
}

/** Each version once: the first follower that takes it names the stream. */
function acceptedTags(input: NewsInput): readonly AppearedRelease[] {
  const accepted = new Map<string, AppearedRelease>();
  for (const { stream, scheme, versionOf, accepts } of input.followers) {
    for (const tag of input.tags) {
      const version = versionOf(tag.name);
      if (version === undefined || accepted.has(version) || !accepts(version)) continue;
      const prerelease = isPrerelease(scheme, version);
      const withdrawals = knownRelease(input.known, stream, version)?.withdrawals ?? 0;
      const sighting = sightingOf(version, withdrawals, input);
      accepted.set(version, { version, stream, tag, prerelease, sighting, withdrawals });
    }
  }
  return [...accepted.values()].toSorted((a, b) => compareVersions(schemeOf(input), a.version, b.version));
}

/** A version that no recipe took until now may have been seen long ago; one that came back was not there lately. */
function sightingOf(version: string, withdrawals: number, input: NewsInput): Sighting {
  const earlier = withdrawals === 0 ? input.known?.places.get(input.where)?.sightings.get(version) : undefined;
  return earlier ?? { without: input.lastLook, first: input.ended };
}

function versionsIn(input: NewsInput): readonly string[] {
  const scheme = schemeOf(input);
  const versions = new Set(
    input.followers.flatMap(({ versionOf }) => input.tags.flatMap(({ name }) => versionOf(name) ?? [])),
  );
  return [...versions].toSorted((a, b) => compareVersions(scheme, a, b) || (a < b ? -1 : 1));
}

function schemeOf({ followers }: NewsInput): Follower['scheme'] {
  return followers[0]?.scheme ?? 'generic';
}
