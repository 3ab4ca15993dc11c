import type { InstantText } from '../fact.ts';

/** One version of one record about a vulnerability, as one source published it, in our words. */
export interface AdvisoryRecord {
  /** The record's own id: CVE-…, GHSA-…, GO-… */
  readonly id: string;
  /** Who publishes it: `osv`, `ghsa`, `nvd`, `vendor`, `kev`, `epss`, `own` … */
  readonly source: string;
  /** Other ids that this record gives for the same vulnerability. */
  readonly aliases: readonly string[];
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
  /** The release itself is the attack: going back to an older one is a remedy. */
  readonly malicious: boolean;
}

export type SeverityLevel = 'critical' | 'high' | 'medium' | 'low';

export interface Severity {
  /** Who rates: `vendor`, `cna`, `ghsa`, `nvd`, `cisa-adp`. */
  readonly source: string;
  readonly type: 'CVSS_V4' | 'CVSS_V3.1' | 'CVSS_V3.0' | 'CVSS_V2' | 'label';
  readonly vector: string | null;
  readonly score: number | null;
  readonly level: SeverityLevel;
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

export type VersionScheme = 'semver' | 'apk' | 'deb' | 'go' | 'pypi' | 'generic';
