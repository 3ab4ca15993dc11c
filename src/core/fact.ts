import type { Digest } from './digest.ts';
import type { AdvisoryRecord } from './match/advisory.ts';
import type { Policy } from './promise/policy.ts';
import type { Dependency, PackageRelation } from './resolve/package-relation.ts';

/**
 * One thing that happened, in the past tense. Facts are appended and never edited; no fact names a finding, claim,
 * obligation or standing, because those are derived and may be derived better tomorrow.
 */
export type Fact = { readonly [T in FactType]: FactOf<T> }[FactType];

export interface FactOf<T extends FactType> extends NewFactOf<T> {
  readonly v: 1;
  /** SHA-256 hex of (type, payload, source key): appending the same thing twice is a no-op. */
  readonly id: string;
  /** When it was appended: never earlier than the fact before it. */
  readonly recordedAt: Temporal.Instant;
  readonly payloadDigest: Digest;
  /** Position in the chain, from 1. */
  readonly seq: number;
  /** Hash of the fact before, 64 zeros for the first. */
  readonly prev: string;
  /** SHA-256 hex of prev and the canonical bytes of the envelope. */
  readonly hash: string;
}

export type NewFact = { readonly [T in FactType]: NewFactOf<T> }[FactType];

export interface NewFactOf<T extends FactType> {
  readonly type: T;
  /** When it happened in the world: the narrowest interval that we can vouch for. */
  readonly at: Interval;
  /** Who says so: `suture`, a person, a worker. */
  readonly by: string;
  /** Plain JSON; instants are RFC 3339 text in UTC. */
  readonly payload: FactPayloads[T];
  /** Digests of the raw bytes (headers, answers, records) that this fact rests on. */
  readonly evidence: readonly Digest[];
  /** Tells apart two facts with the same type and payload (two confirmations of one digest, say). */
  readonly sourceKey?: string;
  /** Nobody reads the payload before then: it is kept encrypted, and a fact of its own states it again when it opens. */
  readonly sealedUntil?: Temporal.Instant;
}

export interface Interval {
  readonly from: Temporal.Instant;
  readonly to: Temporal.Instant;
}

export type FactType = keyof FactPayloads;

export type Architecture = 'amd64' | 'arm64';

/** Instants inside payloads: RFC 3339, UTC, `Z`. */
export type InstantText = string;

export interface HeldPackage {
  readonly name: string;
  /** `<1.0.1` */
  readonly bound: string;
}

export interface FactPayloads {
  /** Every version of a record of a vulnerability, from any source, KEV and EPSS included. */
  'advisory-recorded': AdvisoryRecord;
  'aliases-corrected': { readonly unrelated: readonly (readonly [string, string])[]; readonly reason: string };
  /** One look, or a run of looks with the same answer (`at` spans the run). */
  looked: {
    readonly upstream: string;
    readonly form: ReleaseForm;
    /** The suites that were looked at, where it is not all that there is of the upstream. */
    readonly where?: string;
    readonly versions: readonly string[];
  };
  /** `at` is the interval in which the release became available, already narrowed (core/promise/release-at.ts). */
  'release-observed': ReleaseObserved;
  'release-withdrawn': {
    readonly upstream: string;
    readonly version: string;
    /** All forms where it is not said. */
    readonly form?: ReleaseForm;
    readonly reason: string;
  };
  'stream-ended': { readonly upstream: string; readonly stream: string; readonly until: InstantText };
  /** What somebody verified about a release or about our patch; wins over any advisory's range. */
  'fix-verified': {
    readonly upstream: string;
    readonly version: string;
    readonly vulnerability: string;
    readonly result: 'contains' | 'lacks' | 'patch-equivalent' | 'patch-differs';
  };
  'line-declared': {
    readonly line: string;
    readonly architectures: readonly Architecture[];
    readonly supportUntil: InstantText | null;
    /** Packages that the line keeps below or at a version, as `hello<1.0.1`; absent where there are none. */
    readonly held?: readonly HeldPackage[];
  };
  'policy-adopted': { readonly digest: Digest; readonly from: InstantText; readonly policy: Policy };
  'package-built': PackageBuilt;
  'package-imported': PackageImported;
  'image-published': ImagePublished;
  /** Bytes pulled back by the public tag; `at` is the registry's `Date` and one second after it. */
  'image-confirmed': ImageConfirmed;
  'image-withdrawn': { readonly line: string; readonly digest: Digest; readonly reason: string };
  'statement-made': Statement;
  'statement-withdrawn': { readonly vulnerability: string; readonly line: string; readonly reason: string };
  'exception-granted': {
    readonly kind: 'waiver' | 'hold';
    readonly vulnerability: string;
    readonly line: string;
    readonly approver: string;
    readonly reason: string;
    readonly until: InstantText;
  };
  'exception-ended': {
    readonly kind: 'waiver' | 'hold';
    readonly vulnerability: string;
    readonly line: string;
    readonly reason: string;
  };
  'review-decided': { readonly subject: string; readonly decision: 'approved' | 'rejected'; readonly reason: string };
  /** Better evidence for when another fact happened. */
  'evidence-corrected': {
    readonly fact: string;
    readonly from: InstantText;
    readonly to: InstantText;
    readonly reason: string;
  };
  'head-signed': { readonly seq: number; readonly hash: string; readonly keyId: string; readonly signature: string };
  /** The payload of a fact that nobody reads before `until`; what it says counts from the fact that states it again. */
  'payload-sealed': { readonly fact: string; readonly until: InstantText };
  /** The payload of a fact is gone for good: it counts as not said. */
  'payload-erased': { readonly fact: string; readonly reason: string };
}

/** The form in which a recipe takes its source: each form has its own moment of availability. */
export type ReleaseForm = 'git-tag' | 'tarball' | 'registry';

export interface ReleaseObserved {
  readonly upstream: string;
  readonly stream: string;
  readonly version: string;
  readonly form: ReleaseForm;
  /** As in `looked`: where it was seen first. */
  readonly where?: string;
  /** Tag name, file name or registry key. */
  readonly ref: string;
  /** Git: the tag's object, its peeled commit. */
  readonly objectId?: string;
  readonly commit?: string;
  /** Tarball: SHA-256 of the archive, hex. */
  readonly sha256?: string;
  /** A date from a registry or forge: trustworthy when it lies between our looks. */
  readonly publishedAt?: InstantText;
  /** The author's own date (tag, commit): a lower bound at best. */
  readonly authoredAt?: InstantText;
  readonly prerelease: boolean;
  /** Whether its signature or checksum verified; null where none is asked for. */
  readonly verified: boolean | null;
}

export interface PackageBuilt {
  readonly recipe: string;
  readonly name: string;
  /** With revision: `1.0.1-r0`. */
  readonly version: string;
  readonly architecture: Architecture;
  readonly digest: Digest;
  readonly sizeBytes: number;
  /** recipe + sources + patches + architecture + rebuild counter; what was desired, never what was found. */
  readonly stepKey: string;
  readonly upstream: string;
  readonly upstreamVersion: string;
  readonly sourceDigest: Digest;
  /** How the recipe takes its source: which of a release's moments counts for it. */
  readonly form?: ReleaseForm;
  readonly isolation: 'bubblewrap' | 'unshare' | 'none';
  /** Unix seconds of the source: what its files and the images made of it are dated. */
  readonly sourceEpoch: number;
  readonly delta?: UpstreamDelta;
  /** Only of debs. */
  readonly relations?: PackageRelations;
  /** Blob that lists the Debian packages that the build root was made of. */
  readonly rootLock?: Digest;
}

/** What a deb says about other packages. */
export interface PackageRelations {
  readonly dependencies: readonly Dependency[];
  readonly conflicts: readonly PackageRelation[];
  readonly provides: readonly { readonly name: string; readonly version: string | null }[];
  readonly replaces: readonly PackageRelation[];
}

/** How what we built differs from what upstream released. */
export interface UpstreamDelta {
  readonly patches: readonly {
    readonly file: string;
    readonly digest: Digest;
    readonly fixes: readonly string[];
    readonly linesAdded: number;
    readonly linesRemoved: number;
  }[];
  /** Variables and commands of the recipe that decide what is built: `CFLAGS=-O2`, `./configure --without-docbook`. */
  readonly options: readonly string[];
}

/** A package of a distribution, taken over as it is. */
export interface PackageImported {
  readonly name: string;
  readonly version: string;
  /** For which it was taken; packages for every architecture are taken for each. */
  readonly architecture: Architecture;
  /** Of the .deb. */
  readonly digest: Digest;
  readonly sizeBytes: number;
  /** Where it came from: `bookworm-security`. */
  readonly suite: string;
  /** The distribution's release, the stream of its advisories: `12`; its codename before it has a number. */
  readonly release: string;
  readonly source: { readonly name: string; readonly version: string };
  /** Unix seconds of the newest file inside. */
  readonly sourceEpoch: number;
}

export interface ImagePublished {
  readonly line: string;
  readonly repository: string;
  readonly tag: string;
  /** Digest of the index (or of the one manifest). */
  readonly digest: Digest;
  readonly manifests: Readonly<Partial<Record<Architecture, Digest>>>;
  /** `name=version-revision` of each package inside. */
  readonly packages: readonly string[];
  /** Digest of everything that was desired: packages by digest and the line's configuration. */
  readonly composition: Digest;
  readonly reason: string;
}

export interface ImageConfirmed {
  readonly line: string;
  readonly architecture: Architecture;
  /** Manifest digest of this architecture. */
  readonly digest: Digest;
  /** Blob that holds the `Inventory` read from the pulled bytes. */
  readonly inventory: Digest;
  /** Digest over the advisories in force when the pulled bytes were judged. */
  readonly advisorySet: Digest;
}

/** A claim in VEX form about one vulnerability in one line. */
export interface Statement {
  readonly vulnerability: string;
  readonly line: string;
  readonly status: 'not_affected';
  /** OpenVEX 0.2.0 justification label. */
  readonly justification: string;
  readonly impact: string;
  readonly author: string;
}
