import type { RecordWords, AffectedPackage } from './advisory.ts';
import { verdictOf } from './match.ts';
import { branchOf } from './stream-of.ts';

/** One version of a record, and between which instants (milliseconds since 1970) it appeared; oldest first. */
export interface SeenVersion {
  readonly fact: string;
  readonly from: number;
  readonly to: number;
  readonly says: RecordWords;
}

/** An interval in the world, in milliseconds since 1970, with the fact that says so. */
export interface Seen {
  readonly from: number;
  readonly to: number;
  readonly fact: string;
}

/** What one record was seen to say over time, derived from its versions alone. */
export interface FirstSeen {
  readonly published: Seen;
  /** Of each branch of each package for which a fix was ever named, in the order in which they were named. */
  readonly branches: readonly BranchFixes[];
}

/** One maintained branch of one package. */
export interface BranchFixes {
  readonly package: string;
  readonly branch: string;
  /** In order of time; the first is always `named`. */
  readonly changes: readonly FixChange[];
}

export type FixChange =
  /** A fixing version that the branch did not have: the first, or one more. */
  | { readonly kind: 'named'; readonly version: string; readonly seen: Seen }
  /** Another version in the place of one that was named before. */
  | { readonly kind: 'corrected'; readonly version: string; readonly instead: string; readonly seen: Seen }
  /** Named no more, with the record or alone: it fixes nothing, or not this branch. */
  | { readonly kind: 'withdrawn'; readonly version: string; readonly seen: Seen };

/**
 * When a record was published, and when it first named the fixing version of each branch and what became of that. A
 * version of the record that was withdrawn names nothing. Undefined without versions.
 */
export function firstSeen(versions: readonly SeenVersion[]): FirstSeen | undefined {
  const [first] = versions;
  if (first === undefined) return undefined;
  const branches = new Map<string, Branch>();
  for (const [index, version] of versions.entries()) {
    const seen = index === 0 ? sincePublication(version) : seenIn(version);
    const named = fixesIn(version.says);
    for (const [key, { about, branch }] of named) {
      if (!branches.has(key)) branches.set(key, { package: about, branch, changes: [], standing: new Set() });
    }
    for (const [key, known] of branches) change(known, named.get(key)?.versions ?? new Set(), seen);
  }
  return {
    published: sincePublication(first),
    branches: [...branches.values()].map(({ package: about, branch, changes }) => ({
      package: about,
      branch,
      changes,
    })),
  };
}

/**
 * When the record first tied a release to its vulnerability: it covered what is held, and not the release. Undefined when
 * it never did. A verdict of somebody who looked at the code is not asked here.
 */
export function firstTied(
  versions: readonly SeenVersion[],
  { held, release }: { readonly held: VersionOf; readonly release: VersionOf },
): Seen | undefined {
  const index = versions.findIndex(
    ({ says }) => says.withdrawn === null && isCovered(says, held) && !isCovered(says, release),
  );
  const version = versions[index];
  if (version === undefined) return undefined;
  return index === 0 ? sincePublication(version) : seenIn(version);
}

/** A version of a package, in a stream. */
interface VersionOf {
  readonly upstream: string;
  readonly version: string;
  readonly stream: string;
}

interface Branch {
  readonly package: string;
  readonly branch: string;
  readonly changes: FixChange[];
  /** Named at the version looked at last. */
  standing: ReadonlySet<string>;
}

/**
 * What the first version that we saw says may stand there since the record was published: its own `modified` dates the
 * last change of any word of it. A date of publication after we saw it is not believed.
 */
function sincePublication({ fact, from, to, says }: SeenVersion): Seen {
  const published = says.published === null ? from : Temporal.Instant.from(says.published).epochMilliseconds;
  return { from: Math.min(from, published), to, fact };
}

function seenIn({ fact, from, to }: SeenVersion): Seen {
  return { from, to, fact };
}

function change(known: Branch, named: ReadonlySet<string>, seen: Seen): void {
  const gone = [...known.standing].filter((version) => !named.has(version));
  const come = [...named].filter((version) => !known.standing.has(version));
  for (const [index, version] of come.entries()) {
    const instead = gone[index];
    if (instead === undefined) known.changes.push({ kind: 'named', version, seen });
    else known.changes.push({ kind: 'corrected', version, instead, seen });
  }
  for (const version of gone.slice(come.length)) known.changes.push({ kind: 'withdrawn', version, seen });
  known.standing = named;
}

interface NamedFixes {
  readonly about: string;
  readonly branch: string;
  readonly versions: Set<string>;
}

/** Fixing versions by package and branch. */
function fixesIn(record: RecordWords): ReadonlyMap<string, NamedFixes> {
  const named = new Map<string, NamedFixes>();
  if (record.withdrawn !== null) return named;
  for (const affected of record.affected) {
    for (const version of fixedVersions(affected)) {
      const branch = affected.stream ?? branchOf(affected.package, version);
      const key = `${affected.package} ${branch}`;
      const known = named.get(key) ?? { about: affected.package, branch, versions: new Set() };
      known.versions.add(version);
      named.set(key, known);
    }
  }
  return named;
}

function fixedVersions({ ranges, customRanges = [] }: AffectedPackage): readonly string[] {
  return [...ranges, ...customRanges].flatMap(({ fixed }) => fixed ?? []);
}

function isCovered({ affected }: RecordWords, { upstream, version, stream }: VersionOf): boolean {
  return affected.some((each) => each.package === upstream && verdictOf(each, version, stream) === 'affected');
}
