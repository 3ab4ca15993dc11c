import type { Line } from '../core/catalog/catalog.ts';
import type { Architecture, Fact, FactOf } from '../core/fact.ts';
import type { Forecaster } from '../core/forecast/forecast.ts';
import { isOpen } from '../core/promise/standing.ts';
import type { Obligation } from '../core/promise/standing.ts';
import type { Point } from './account.ts';
import { withForecast } from './forecast.ts';
import type { PackageChanges } from './packages.ts';
import { packageChanges } from './packages.ts';
import { packageOrigins, type PackageOrigin } from './package-origins.ts';
import type { Row, Why } from './row.ts';
import { rowOf } from './row.ts';
import type { VerdictRow } from './verdicts.ts';

/** Is this line safe to pull now, and what changed? */
export interface LineView {
  readonly notice: string | null;
  readonly now: Temporal.Instant;
  readonly line: string;
  readonly declared: { readonly file: string; readonly supportUntil: string | null } | null;
  /** Packages that the catalog holds back, each with its place and its note. */
  readonly bounds: readonly { readonly text: string; readonly note: string | null; readonly at: string }[];
  readonly current: readonly CurrentDigest[];
  /** Looked, built, published, confirmed last; what is next, and what is in the way. */
  readonly life: readonly Point[];
  readonly packages: readonly string[];
  /** Of those packages whose making the ledger knows. */
  readonly origins: readonly PackageOrigin[];
  readonly open: readonly Row[];
  readonly ended: readonly Row[];
  /** What may be wrong with what it serves, and nobody can determine: no clock runs for it, and it is not clean. */
  readonly toBeLookedAt: readonly VerdictRow[];
  /** Newest first. */
  readonly digests: readonly PublishedDigest[];
}

export interface CurrentDigest {
  readonly architecture: Architecture;
  readonly digest: string;
  readonly confirmedAt: Temporal.Instant;
}

export interface PublishedDigest {
  /** Of the index: what the tag points at. */
  readonly digest: string;
  readonly manifests: Readonly<Partial<Record<Architecture, string>>>;
  readonly publishedAt: Temporal.Instant;
  /** When every architecture had been pulled back; null while one is outstanding. */
  readonly confirmedAt: Temporal.Instant | null;
  readonly reason: string;
  readonly changes: PackageChanges;
  /** Vulnerabilities whose exposure ended with these bytes. */
  readonly fixes: readonly string[];
  readonly withdrawn: string | null;
  readonly current: boolean;
}

export interface LineOptions {
  readonly now: Temporal.Instant;
  readonly declared?: Line | null;
  readonly reasons?: ReadonlyMap<string, Why>;
  readonly toBeLookedAt?: readonly VerdictRow[];
  readonly life?: readonly Point[];
  readonly forecaster?: Forecaster | null;
  readonly notice?: string | null;
}

/** `facts` are those about the line and about packages, in order. Undefined when neither the catalog nor the ledger knows it. */
export function lineView(
  line: string,
  world: { readonly facts: readonly Fact[]; readonly obligations: readonly Obligation[] },
  options: LineOptions,
): LineView | undefined {
  const { facts, obligations } = world;
  const declared = options.declared ?? null;
  if (declared === null && facts.length === 0 && obligations.length === 0) return undefined;
  const published = facts.filter((fact) => fact.type === 'image-published');
  const packages = published.at(-1)?.payload.packages ?? [];
  const { forecaster = null, now } = options;
  const rows = obligations.map((each) => {
    const row = rowOf(each, now, options.reasons?.get(each.id));
    return forecaster === null ? row : withForecast(row, each, { forecaster, now });
  });
  return {
    notice: options.notice ?? null,
    now: options.now,
    line,
    declared: declared === null ? null : { file: declared.file, supportUntil: declared.supportUntil },
    bounds: boundsOf(declared),
    current: currentDigests(facts),
    life: options.life ?? [],
    packages,
    origins: packageOrigins(packages, facts),
    open: rows.filter((row) => isOpen(row.standing)).sort(byTimeLeft),
    ended: rows.filter((row) => !isOpen(row.standing)).sort(newestFirst),
    toBeLookedAt: options.toBeLookedAt ?? [],
    digests: history(published, facts, obligations),
  };
}

/** The newest confirmed digest of each architecture. */
export function currentDigests(facts: readonly Fact[]): readonly CurrentDigest[] {
  const current = new Map<Architecture, CurrentDigest>();
  for (const fact of facts) {
    if (fact.type !== 'image-confirmed') continue;
    const { architecture, digest } = fact.payload;
    current.set(architecture, { architecture, digest, confirmedAt: fact.at.to });
  }
  return [...current.values()].sort((a, b) => (a.architecture < b.architecture ? -1 : 1));
}

function history(
  published: readonly FactOf<'image-published'>[],
  facts: readonly Fact[],
  obligations: readonly Obligation[],
): readonly PublishedDigest[] {
  const confirmed = facts.filter((fact) => fact.type === 'image-confirmed');
  const withdrawn = new Map(
    facts.filter((fact) => fact.type === 'image-withdrawn').map(({ payload }) => [payload.digest, payload.reason]),
  );
  return published
    .map((fact, index) => {
      const { digest, manifests, reason, packages } = fact.payload;
      const own = confirmed.filter((each) => Object.values(manifests).includes(each.payload.digest));
      return {
        digest,
        manifests,
        publishedAt: fact.at.to,
        confirmedAt: confirmedAt(own, manifests),
        reason,
        changes: packageChanges(published[index - 1]?.payload.packages ?? [], packages),
        fixes: fixedBy(own, obligations),
        withdrawn: withdrawn.get(digest) ?? null,
        current: index === published.length - 1,
      };
    })
    .reverse();
}

function confirmedAt(
  own: readonly FactOf<'image-confirmed'>[],
  manifests: PublishedDigest['manifests'],
): Temporal.Instant | null {
  const first = new Map<string, Temporal.Instant>();
  for (const fact of own) if (!first.has(fact.payload.digest)) first.set(fact.payload.digest, fact.at.to);
  const all = Object.values(manifests);
  if (all.length === 0 || all.some((digest) => !first.has(digest))) return null;
  return [...first.values()].toSorted((a, b) => Temporal.Instant.compare(a, b)).at(-1) ?? null;
}

function fixedBy(own: readonly FactOf<'image-confirmed'>[], obligations: readonly Obligation[]): readonly string[] {
  const ids = new Set(own.map((fact) => fact.id));
  const ended = obligations.filter((obligation) =>
    obligation.claims.some((claim) =>
      claim.architectures.some(({ exposures }) => exposures.some(({ toFact }) => toFact !== null && ids.has(toFact))),
    ),
  );
  return [...new Set(ended.map((each) => each.vulnerability))].sort();
}

function boundsOf(declared: Line | null): LineView['bounds'] {
  return (declared?.packages ?? []).flatMap(({ name, bound, note, at }) =>
    bound === null ? [] : [{ text: `${name}${bound.operator}${bound.version}`, note, at }],
  );
}

function byTimeLeft(a: Row, b: Row): number {
  return (a.leftSeconds ?? Infinity) - (b.leftSeconds ?? Infinity) || (a.vulnerability < b.vulnerability ? -1 : 1);
}

function newestFirst(a: Row, b: Row): number {
  return (
    (b.clock.t1?.epochMilliseconds ?? 0) - (a.clock.t1?.epochMilliseconds ?? 0) ||
    (a.vulnerability < b.vulnerability ? -1 : 1)
  );
}
