import type { SeverityLevel } from '../core/match/advisory.ts';
import type { Component } from '../core/match/inventory.ts';
import type { VexOutcome } from '../core/match/vex.ts';
import { ratingWords } from '../core/promise/chosen-rating.ts';
import type { FoundFlaw } from '../core/scan/findings-in.ts';
import { ecosystemOf } from '../core/scan/record-source.ts';

/** What was scanned, and how much of it could be looked at. */
export interface ScanTarget {
  /** As the user named it. */
  readonly name: string;
  readonly kind: 'sbom' | 'image' | 'folder';
  /** `CycloneDX 1.6`, a digest; null where there is nothing more to say. */
  readonly detail: string | null;
  readonly components: number;
  /** Files that should tell of a component and cannot be read, entries of a document without a usable purl. */
  readonly unread: readonly string[];
  /** Those of them that list the packages of a distribution: nothing is known of any of these. */
  readonly unreadDatabases: readonly string[];
}

export interface ScanFeeds {
  readonly records: number;
  readonly broken: number;
  readonly problems: readonly string[];
  readonly newestModified: string | null;
  readonly statements: number;
  /** What is there and can say nothing of any version: links that are not followed, entries that tell of commits alone. */
  readonly passedOver: { readonly links: number; readonly versionless: number };
  /** Folder in which nothing can be kept; null where there is none. */
  readonly notKeptIn: string | null;
  /** Each folder and zip on its own: one may be years older than another. */
  readonly parts: readonly {
    readonly path: string;
    readonly records: number;
    readonly newestModified: string | null;
  }[];
}

export interface ScanView {
  readonly target: ScanTarget;
  readonly feeds: ScanFeeds;
  readonly findings: readonly ScanRow[];
  /** Not known to be affected and not known to be clean. */
  readonly undetermined: readonly ScanRow[];
  /** Kept with the reason: somebody says that it is not affected. */
  readonly suppressed: readonly ScanRow[];
  /** Ecosystems and releases of distributions of which these feeds say nothing at all. */
  readonly notAssessed: readonly { readonly ecosystem: string; readonly components: number }[];
  readonly summary: {
    readonly components: number;
    readonly assessed: number;
    readonly levels: Readonly<Record<SeverityLevel, number>>;
    readonly fixable: number;
  };
}

export interface ScanRow {
  readonly vulnerability: string;
  readonly aliases: readonly string[];
  readonly level: SeverityLevel;
  readonly rating: {
    readonly by: string | null;
    readonly score: number | null;
    readonly vector: string | null;
    readonly why: string;
  };
  readonly purl: string;
  readonly package: string;
  readonly version: string;
  readonly location: string | null;
  /** Which layer of an image brought it; null for what has no layers. */
  readonly layer: ScanLayer | null;
  /** Package whose file tells of it. */
  readonly ownedBy: string | null;
  readonly fixedIn: string | null;
  readonly noFix: string | null;
  readonly exploitedSince: string | null;
  readonly epss: number | null;
  readonly malicious: boolean;
  readonly informational: string | null;
  /** Why it is where it is. */
  readonly because: string;
  readonly contradiction: string | null;
  readonly records: readonly {
    readonly id: string;
    readonly source: string;
    readonly verdict: string;
    readonly words: string;
  }[];
}

export interface ScanLayer {
  /** From the bottom, which is 0. */
  readonly index: number;
  readonly digest: string | null;
}

export interface ScanInput {
  readonly target: ScanTarget;
  readonly feeds: ScanFeeds;
  readonly outcomes: readonly VexOutcome<unknown>[];
  readonly flaws: readonly FoundFlaw[];
  readonly notCovered: readonly Component[];
  readonly layerOf: (component: Component) => ScanLayer | null;
}

/** Worst first: by level, then what is exploited, then the likeliest to be. `outcomes` are those of `flaws`, in order. */
export function scanView({ target, feeds, flaws, outcomes, notCovered, layerOf }: ScanInput): ScanView {
  const all = flaws.map((flaw, index) => ({ flaw, outcome: outcomes[index] }));
  const isStated = ({ flaw, outcome }: (typeof all)[number]): boolean => isStatedAffected(flaw, outcome);
  const isSuppressed = (each: (typeof all)[number]): boolean =>
    !isStated(each) && (each.flaw.overruled !== null || (each.outcome !== undefined && each.outcome.state !== 'open'));
  const isFinding = (each: (typeof all)[number]): boolean => isStated(each) || each.flaw.verdict === 'affected';
  const rows = (some: typeof all) =>
    some.map(({ flaw, outcome }) => rowOf(flaw, { outcome, layer: layerOf(flaw.component) })).toSorted(worstFirst);
  const open = all.filter((each) => !isSuppressed(each));
  const findings = rows(open.filter(isFinding));
  const levels = { critical: 0, high: 0, medium: 0, low: 0 };
  for (const { level } of findings) levels[level] += 1;
  return {
    target,
    feeds,
    findings,
    undetermined: rows(open.filter((each) => !isFinding(each))),
    suppressed: rows(all.filter(isSuppressed)),
    notAssessed: byEcosystem(notCovered),
    summary: {
      components: target.components,
      assessed: target.components - notCovered.length,
      levels,
      fixable: findings.filter(({ fixedIn }) => fixedIn !== null).length,
    },
  };
}

export const LEVELS: readonly SeverityLevel[] = ['critical', 'high', 'medium', 'low'];

function rowOf(
  flaw: FoundFlaw,
  { outcome, layer }: { readonly outcome: VexOutcome<unknown> | undefined; readonly layer: ScanLayer | null },
): ScanRow {
  const { component, rating, said } = flaw;
  return {
    vulnerability: flaw.vulnerability,
    aliases: flaw.ids.filter((id) => id !== flaw.vulnerability),
    level: rating.level,
    rating: {
      by: rating.by === null ? null : ratingWords(rating.by),
      score: rating.by?.severity.score ?? null,
      vector: rating.by?.severity.vector ?? null,
      why: rating.why,
    },
    purl: component.purl,
    package: nameOf(component),
    version: component.version,
    location: component.location ?? null,
    layer,
    ownedBy: component.ownedBy ?? null,
    fixedIn: flaw.fixedIn,
    noFix: flaw.noFix,
    exploitedSince: flaw.exploitedSince,
    epss: flaw.epss === null ? null : Math.round(flaw.epss * 10_000) / 10_000,
    malicious: flaw.malicious,
    informational: flaw.informational,
    because: becauseOf(flaw, outcome),
    contradiction: outcome?.contradiction ?? null,
    records: [
      ...said.map(({ record, verdict, words }) => ({ id: record.id, source: record.source, verdict, words })),
      ...(said.length === 0 ? statedRecords(flaw, outcome) : []),
    ],
  };
}

/**
 * A statement that it is affected, of somebody who is believed, counts more than what records leave open or take back; only a
 * patch of ours is not undone by it.
 */
function isStatedAffected({ overruled }: FoundFlaw, outcome: VexOutcome<unknown> | undefined): boolean {
  return outcome?.by?.status === 'affected' && overruled?.kind !== 'patched';
}

/** A statement decides where it closes, where it opens what records do not, and where there are none. */
function becauseOf(flaw: FoundFlaw, outcome: VexOutcome<unknown> | undefined): string {
  const { said, verdict, overruled } = flaw;
  const stated = vexWords(outcome);
  const opens = isStatedAffected(flaw, outcome) && (overruled !== null || verdict !== 'affected');
  if (stated !== undefined && (opens || said.length === 0)) return stated;
  if (overruled !== null) return overruled.words;
  return (outcome?.state === 'open' ? undefined : stated) ?? said[0]?.words ?? '';
}

/** The statement itself, where no record tells of the flaw. */
function statedRecords(flaw: FoundFlaw, outcome: VexOutcome<unknown> | undefined): ScanRow['records'] {
  const { by } = outcome ?? {};
  if (by === null || by === undefined) return [];
  const words = vexWords(outcome) ?? '';
  return [{ id: flaw.vulnerability, source: `openvex ${by.document}`, verdict: flaw.verdict, words }];
}

function vexWords(outcome: VexOutcome<unknown> | undefined): string | undefined {
  const { by } = outcome ?? {};
  if (by === null || by === undefined) return undefined;
  const why = by.justification ?? by.note;
  return `${by.author} states ${by.status}${why === '' ? '' : `: ${why}`} (${by.document}, ${by.statedAt.slice(0, 10)})`;
}

/** `pkg:npm/%40scope/name` is `@scope/name`; a package of a distribution is its own name. */
function nameOf({ upstream }: Component): string {
  const [type = '', ...path] = upstream.slice('pkg:'.length).split('/');
  const named = ['apk', 'deb', 'rpm', 'alpm'].includes(type) ? path.slice(-1) : path;
  return decodeURIComponent(named.join('/'));
}

function worstFirst(a: ScanRow, b: ScanRow): number {
  return (
    LEVELS.indexOf(a.level) - LEVELS.indexOf(b.level) ||
    Number(b.malicious) - Number(a.malicious) ||
    Number(b.exploitedSince !== null) - Number(a.exploitedSince !== null) ||
    (b.epss ?? 0) - (a.epss ?? 0) ||
    compareText(a.package, b.package) ||
    compareText(a.vulnerability, b.vulnerability) ||
    compareText(a.purl, b.purl)
  );
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function byEcosystem(components: readonly Component[]): ScanView['notAssessed'] {
  const groups = Map.groupBy(components, (component) => ecosystemOf(component).replace(/ $/, ' of no named release'));
  return [...groups]
    .map(([ecosystem, some]) => ({ ecosystem, components: some.length }))
    .toSorted((a, b) => compareText(a.ecosystem, b.ecosystem));
}
