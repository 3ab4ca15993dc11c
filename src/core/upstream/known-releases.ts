import type { Fact, ReleaseForm } from '../fact.ts';

/** What the ledger says was seen of upstreams, by upstream and form; grows by `learnRelease`. */
export interface KnownReleases {
  /** Position of the last fact taken in. */
  seq: number;
  readonly upstreams: Map<string, KnownUpstream>;
  /** Subjects that a person approved. */
  readonly approved: Set<string>;
}

export interface KnownUpstream {
  /** When each version was seen first, whether a recipe took it or not. */
  readonly sightings: Map<string, Sighting>;
  readonly releases: Map<string, KnownRelease>;
  /** The run of looks with the newest answer, as far as it is recorded. */
  run: { readonly from: Temporal.Instant; readonly to: Temporal.Instant; readonly versions: readonly string[] } | null;
}

export interface Sighting {
  /** The newest look before it. */
  readonly without: Temporal.Instant | null;
  readonly first: Temporal.Instant;
}

export interface KnownRelease {
  readonly version: string;
  readonly ref: string;
  readonly objectId: string | null;
  readonly commit: string | null;
  readonly withdrawn: boolean;
  /** How often it was withdrawn: tells apart facts about one release that comes and goes. */
  readonly withdrawals: number;
}

export function emptyKnownReleases(): KnownReleases {
  return { seq: 0, upstreams: new Map(), approved: new Set() };
}

/** Undefined before the first fact about it. */
export function knownUpstream(known: KnownReleases, upstream: string, form: ReleaseForm): KnownUpstream | undefined {
  return known.upstreams.get(`${form} ${upstream}`);
}

/** Takes in one more fact; facts of other types change nothing. */
export function learnRelease(known: KnownReleases, fact: Fact): void {
  known.seq = fact.seq;
  if (fact.type === 'looked') {
    learnLook(entryOf(known, fact.payload.upstream, fact.payload.form), fact.at, fact.payload.versions);
  } else if (fact.type === 'release-observed') {
    const { upstream, form, version, ref, objectId = null, sha256 = null, commit = sha256 } = fact.payload;
    const { releases } = entryOf(known, upstream, form);
    const withdrawals = releases.get(version)?.withdrawals ?? 0;
    releases.set(version, { version, ref, objectId, commit, withdrawn: false, withdrawals });
  } else if (fact.type === 'release-withdrawn') {
    for (const form of FORMS) withdraw(knownUpstream(known, fact.payload.upstream, form), fact.payload.version);
  } else if (fact.type === 'review-decided') {
    if (fact.payload.decision === 'approved') known.approved.add(fact.payload.subject);
    else known.approved.delete(fact.payload.subject);
  }
}

const FORMS: readonly ReleaseForm[] = ['git-tag', 'tarball', 'registry'];

function entryOf(known: KnownReleases, upstream: string, form: ReleaseForm): KnownUpstream {
  const key = `${form} ${upstream}`;
  const entry = known.upstreams.get(key) ?? { sightings: new Map(), releases: new Map(), run: null };
  known.upstreams.set(key, entry);
  return entry;
}

function learnLook(
  entry: KnownUpstream,
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
  const release = entry?.releases.get(version);
  if (release === undefined || release.withdrawn) return;
  entry?.releases.set(version, { ...release, withdrawn: true, withdrawals: release.withdrawals + 1 });
}
