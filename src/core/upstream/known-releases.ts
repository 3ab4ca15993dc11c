import type { Fact, ReleaseForm } from '../fact.ts';
import { LastWords } from '../last-words.ts';

/** What the ledger says was seen of upstreams, by form and upstream; grows by `learnRelease`. */
export interface KnownReleases {
  /** Position of the last fact taken in. */
  seq: number;
  readonly upstreams: Map<string, KnownUpstream>;
  /** What people decided, by subject. */
  readonly decisions: LastWords<'approved' | 'rejected'>;
}

export interface KnownUpstream {
  /** By stream and version: one version may be a release of two streams. */
  readonly releases: Map<string, KnownRelease>;
  /** By the place that was looked at: empty where an upstream has but one. */
  readonly places: Map<string, KnownPlace>;
}

export interface KnownPlace {
  /** When each version was seen first, whether a recipe took it or not. */
  readonly sightings: Map<string, Sighting>;
  /** The run of looks with the newest answer, as far as it is recorded. */
  run: { readonly from: Temporal.Instant; readonly to: Temporal.Instant; readonly versions: readonly string[] } | null;
}

export interface Sighting {
  /** The newest look before it. */
  readonly without: Temporal.Instant | null;
  readonly first: Temporal.Instant;
}

export interface KnownRelease {
  readonly stream: string;
  /** Where it was seen first. */
  readonly where: string;
  readonly version: string;
  readonly ref: string;
  readonly objectId: string | null;
  readonly commit: string | null;
  readonly withdrawn: boolean;
  /** How often it was withdrawn: tells apart facts about one release that comes and goes. */
  readonly withdrawals: number;
}

export function emptyKnownReleases(): KnownReleases {
  return { seq: 0, upstreams: new Map(), decisions: new LastWords() };
}

/** Undefined before the first fact about it. */
export function knownUpstream(known: KnownReleases, upstream: string, form: ReleaseForm): KnownUpstream | undefined {
  return known.upstreams.get(`${form} ${upstream}`);
}

/** Undefined where its versions are not those of a release. */
export function knownRelease(
  known: KnownUpstream | undefined,
  stream: string,
  version: string,
): KnownRelease | undefined {
  return known?.releases.get(`${stream} ${version}`);
}

/** Takes in one more fact; facts of other types change nothing. */
export function learnRelease(known: KnownReleases, fact: Fact): void {
  known.seq = fact.seq;
  if (fact.type === 'looked') {
    const { upstream, form, where = '', versions } = fact.payload;
    learnLook(placeIn(entryOf(known, upstream, form), where), fact.at, versions);
  } else if (fact.type === 'release-observed') {
    const { upstream, stream, form, version, where = '', ref } = fact.payload;
    const { objectId = null, sha256 = null, commit = sha256 } = fact.payload;
    const entry = entryOf(known, upstream, form);
    const withdrawals = knownRelease(entry, stream, version)?.withdrawals ?? 0;
    const release = { stream, version, where, ref, objectId, commit, withdrawn: false, withdrawals };
    entry.releases.set(`${stream} ${version}`, release);
  } else if (fact.type === 'release-withdrawn') {
    const { upstream, version, form } = fact.payload;
    for (const each of form === undefined ? FORMS : [form]) withdraw(knownUpstream(known, upstream, each), version);
  } else if (fact.type === 'review-decided') {
    known.decisions.say(fact.payload.subject, { fact: fact.id, says: fact.payload.decision });
  } else if (fact.type === 'payload-erased') {
    known.decisions.erase(fact.payload.fact);
  }
}

const FORMS: readonly ReleaseForm[] = ['git-tag', 'tarball', 'registry'];

function entryOf(known: KnownReleases, upstream: string, form: ReleaseForm): KnownUpstream {
  const key = `${form} ${upstream}`;
  const entry = known.upstreams.get(key) ?? { releases: new Map(), places: new Map() };
  known.upstreams.set(key, entry);
  return entry;
}

function placeIn({ places }: KnownUpstream, where: string): KnownPlace {
  const place = places.get(where) ?? { sightings: new Map(), run: null };
  places.set(where, place);
  return place;
}

function learnLook(
  entry: KnownPlace,
  at: { readonly from: Temporal.Instant; readonly to: Temporal.Instant },
  versions: readonly string[],
): void {
  const without = entry.run?.to ?? null;
  for (const version of versions) {
    if (!entry.sightings.has(version)) entry.sightings.set(version, { without, first: at.from });
  }
  entry.run = { from: at.from, to: at.to, versions };
}

function withdraw(entry: KnownUpstream | undefined, version: string): void {
  for (const [key, release] of entry?.releases ?? []) {
    if (release.version !== version || release.withdrawn) continue;
    entry?.releases.set(key, { ...release, withdrawn: true, withdrawals: release.withdrawals + 1 });
  }
}
