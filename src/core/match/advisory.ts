import type { InstantText } from '../fact.ts';
import type { versionSchemes } from '../version/schemes.ts';

/** One version of one record about a vulnerability, as one source published it, in our words. */
export interface AdvisoryRecord {
  /** The record's own id: CVE-…, GHSA-…, GO-… */
  readonly id: string;
  /**
   * Who publishes it: `osv`, `ghsa`, `nvd`, `vendor`, `kev`, `epss`, `own` …; with what tells several records about one
   * id apart: `secdb alpine 3.20 main`, `rubysec rails`, `osv DSA-5378-1`.
   */
  readonly source: string;
  /** Other ids that this record gives for the same vulnerability. */
  readonly aliases: readonly string[];
  /** Vulnerabilities that this record, a notice of a distribution, is about: true of each, but no other names of it. */
  readonly upstream?: readonly string[];
  readonly summary: string;
  readonly published: InstantText | null;
  readonly modified: InstantText;
  /** When its publisher withdrew or rejected it. */
  readonly withdrawn: InstantText | null;
  readonly severities: readonly Severity[];
  readonly affected: readonly AffectedPackage[];
  /** Listed as known exploited since. */
  readonly exploitedSince: InstantText | null;
  /** Probability of exploitation in 30 days, 0 to 1 (FIRST EPSS). */
  readonly epss: number | null;
  /** The model that gave it, where the file names one: another model moves all probabilities. */
  readonly epssModel?: string;
  /** The release itself is the attack: going back to an older one is a remedy. */
  readonly malicious: boolean;
  /** No vulnerability, or not surely one: what its publisher calls it instead. Only `unsound` names affected versions. */
  readonly informational?: 'unmaintained' | 'unsound' | 'notice';
  /** Whether people of its publisher looked at it, where the publisher says so. */
  readonly reviewed?: boolean;
  /** What NVD says is affected, in its own words: a CPE names a product and never a package. */
  readonly cpe?: readonly CpeConfiguration[];
  /** What somebody states about this vulnerability in products (OpenVEX). */
  readonly statements?: readonly VexStatement[];
}

/** What a version of a record says that moves a clock: probabilities and dates of revision change often, and move none. */
export type RecordWords = Omit<AdvisoryRecord, 'modified' | 'epss' | 'epssModel'>;

export type SeverityLevel = 'critical' | 'high' | 'medium' | 'low';

export interface Severity {
  /** Who rates: `vendor`, `cna`, `ghsa`, `nvd`, `cisa-adp`; `other` is kept and counts in no policy. */
  readonly source: string;
  readonly type: 'CVSS_V4' | 'CVSS_V3.1' | 'CVSS_V3.0' | 'CVSS_V2' | 'label';
  readonly vector: string | null;
  readonly score: number | null;
  readonly level: SeverityLevel;
  /** The one behind the source, where one source speaks for many: an authority's address, a distribution. */
  readonly provider?: string;
  /** NVD's own word for which rating is its main one. */
  readonly rank?: 'primary' | 'secondary';
  /** When it was given, where the source dates its ratings. */
  readonly ratedAt?: InstantText;
}

export interface AffectedPackage {
  /** A purl without version and qualifiers, `pkg:generic/hello`: equal to a component's `upstream`. */
  readonly package: string;
  /** Only releases of this stream are meant, where the source speaks per stream. */
  readonly stream: string | null;
  readonly scheme: VersionScheme;
  readonly ranges: readonly AffectedRange[];
  /** Versions named one by one. */
  readonly versions: readonly string[];
  /** Commits upstream that fix it, in a release or not yet. */
  readonly fixCommits?: readonly FixCommit[];
  /** The source looked and says so outright; without versions, which would say the opposite. */
  readonly verdict?: 'not-affected' | 'undetermined';
  /** Why there is no fix: put off, left to the next release, decided against, or support has ended. */
  readonly noFix?: 'postponed' | 'no-notice' | 'refused' | 'unsupported';
  /** Paid channel that the fix is in (`pro`): elsewhere there is none. */
  readonly channel?: string;
  /** Ratings of this package alone. */
  readonly severities?: readonly Severity[];
  /** The code that is affected; without it nothing is. Absent: all of the package. */
  readonly imports?: readonly AffectedImport[];
  /** By the numbers that its makers give releases, where its packages are numbered otherwise (Go's pseudo-versions). */
  readonly customRanges?: readonly AffectedRange[];
  /** How many ranges are of a kind that is not read here: it may cover more than is told. */
  readonly unreadRanges?: number;
}

/** A part of a package; an empty list does not narrow it. */
export interface AffectedImport {
  /** Import path of a Go package, path of a Rust module or type. */
  readonly path: string;
  readonly symbols: readonly string[];
  /** Operating systems and architectures in the ecosystem's own words: `windows`, `amd64`, `x86_64`. */
  readonly os: readonly string[];
  readonly architectures: readonly string[];
}

export interface FixCommit {
  /** Null: the repository that the recipe builds from. */
  readonly repository: string | null;
  readonly commit: string;
  /** On a branch of upstream's own; else only posted there. */
  readonly merged: boolean;
}

/** `introduced` inclusive ("0" = from the beginning), `fixed` exclusive, `lastAffected` inclusive; open when both are null. */
export interface AffectedRange {
  readonly introduced: string;
  readonly fixed: string | null;
  readonly lastAffected: string | null;
}

/** NVD's applicability statement, one of several alternatives (CVE API 2.0, "configurations"). */
export interface CpeConfiguration {
  readonly operator: 'AND' | 'OR';
  readonly negate: boolean;
  readonly nodes: readonly CpeNode[];
}

export interface CpeNode {
  readonly operator: 'AND' | 'OR';
  readonly negate: boolean;
  readonly matches: readonly CpeMatch[];
}

/** A CPE 2.3 name; bounds are null where there are none. */
export interface CpeMatch {
  readonly cpe: string;
  /** False: only a platform that must be there as well. */
  readonly vulnerable: boolean;
  readonly startIncluding: string | null;
  readonly startExcluding: string | null;
  readonly endIncluding: string | null;
  readonly endExcluding: string | null;
}

/** One statement of a VEX document: products, a status, and when and by whom it was made (OpenVEX 0.2.0). */
export interface VexStatement {
  readonly status: 'not_affected' | 'affected' | 'fixed' | 'under_investigation';
  /** One of the five words of OpenVEX; only with `not_affected`. */
  readonly justification: string | null;
  /** The impact or action statement. */
  readonly note: string;
  readonly products: readonly VexProduct[];
  readonly author: string;
  readonly statedAt: InstantText;
}

/** Purls where there are any, else other ids. */
export interface VexProduct {
  readonly ids: readonly string[];
  /** What inside the product is meant; empty: the product. Each with all of its ids. */
  readonly subcomponents: readonly (readonly string[])[];
}

export type VersionScheme = (typeof versionSchemes)[number];
