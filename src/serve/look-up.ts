import type { Catalog } from '../core/catalog/catalog.ts';
import type { Fact } from '../core/fact.ts';
import type { ObligationStore, ReasonStore } from '../factory/deps.ts';
import { type AdvisoryView, advisoryView } from '../views/advisory.ts';
import type { CodeView } from '../views/code.ts';
import { codeView } from '../views/code.ts';
import type { DigestView } from '../views/digest.ts';
import { digestView } from '../views/digest.ts';
import { isPackageFact } from '../views/package-origins.ts';
import { isAboutLine, lineOfDigest, mayConcern } from '../views/facts-about.ts';
import type { LineView } from '../views/line.ts';
import { lineView } from '../views/line.ts';
import { ratingsView } from '../views/ratings.ts';
import { subjectOf } from '../views/subject.ts';
import { toBeLookedAt } from '../views/verdicts.ts';
import type { VulnerabilityView } from '../views/vulnerability.ts';
import { vulnerabilityView } from '../views/vulnerability.ts';
import { obligationsAt, reasonsFor } from './look-up-obligations.ts';
import { lookUpVerdicts, type VerdictDeps } from './look-up-verdicts.ts';

/** What pages and `explain` read. Nothing here writes. */
export interface LookUpDeps extends VerdictDeps {
  now(): Temporal.Instant;
  /** Says when the world is made up; null for the real one. */
  readonly notice: string | null;
  /** Null where there is none: the ledger answers alone. */
  catalog(): Promise<Catalog | null>;
  readonly obligations: ObligationStore['obligations'];
  /** Why an obligation stood where it stood at an instant, as the plan of that time said. */
  readonly reasons: ReasonStore['inForce'];
}

/** An id explained, or what it was taken for when nothing is known about it. */
export type Explanation =
  | { readonly kind: 'vulnerability'; readonly view: VulnerabilityView }
  | { readonly kind: 'advisory'; readonly view: AdvisoryView }
  | { readonly kind: 'obligation'; readonly view: VulnerabilityView }
  | { readonly kind: 'line'; readonly view: LineView }
  | { readonly kind: 'digest'; readonly view: DigestView }
  | { readonly kind: 'code'; readonly view: CodeView }
  | { readonly kind: 'unknown'; readonly id: string; readonly takenFor: string };

/** Explains anything that has an id: a vulnerability by any of its names, an obligation, line, digest or error code. */
export async function explain(id: string, asOf: Temporal.Instant | null, deps: LookUpDeps): Promise<Explanation> {
  const subject = subjectOf(id);
  const unknown: Explanation = { kind: 'unknown', id, takenFor: subject.kind };
  switch (subject.kind) {
    case 'code':
      return { kind: 'code', view: codeView(subject.code) };
    case 'digest':
      return known('digest', await lookUpDigest(subject.digest, asOf, deps)) ?? unknown;
    case 'line':
      return known('line', await lookUpLine(subject.line, asOf, deps)) ?? unknown;
    case 'obligation':
      return known('obligation', await lookUpVulnerability({ id: subject.id }, asOf, deps)) ?? unknown;
    case 'vulnerability':
      return (
        known('vulnerability', await lookUpVulnerability({ vulnerability: subject.id }, asOf, deps)) ??
        known('advisory', await lookUpAdvisory(subject.id, asOf, deps)) ??
        unknown
      );
  }
}

function known<Kind, View>(kind: Kind, view: View | undefined): { kind: Kind; view: View } | undefined {
  return view === undefined ? undefined : { kind, view };
}

/** By any id of the vulnerability, or one obligation by its own id. */
export async function lookUpVulnerability(
  by: { readonly vulnerability: string } | { readonly id: string },
  asOf: Temporal.Instant | null,
  deps: LookUpDeps,
): Promise<VulnerabilityView | undefined> {
  const obligations = await obligationsAt(by, asOf, deps);
  if (obligations.length === 0) return undefined;
  const facts = await collect(deps, asOf, mayConcern(obligations));
  const [first] = obligations;
  const { rows, records, policy } = await lookUpVerdicts({ vulnerability: first?.vulnerability ?? '' }, asOf, deps);
  return vulnerabilityView(obligations, facts, {
    now: asOf ?? deps.now(),
    verdicts: rows,
    ratings: ratingsView(records, policy),
    reasons: await reasonsFor(obligations, asOf ?? deps.now(), deps),
    notice: deps.notice,
  });
}

/** A vulnerability that no line is held to, by any of its names. */
export async function lookUpAdvisory(
  id: string,
  asOf: Temporal.Instant | null,
  deps: LookUpDeps,
): Promise<AdvisoryView | undefined> {
  const { ids, records, policy, rows } = await lookUpVerdicts({ vulnerability: id }, asOf, deps);
  return advisoryView(ids, records, { now: asOf ?? deps.now(), notice: deps.notice, policy, verdicts: rows });
}

export async function lookUpLine(
  line: string,
  asOf: Temporal.Instant | null,
  deps: LookUpDeps,
): Promise<LineView | undefined> {
  const obligations = await obligationsAt({ line }, asOf, deps);
  const isAbout = isAboutLine(line);
  const facts = await collect(deps, asOf, (fact) => isAbout(fact) || isPackageFact(fact));
  const declared = (await deps.catalog())?.lines.find((each) => each.line === line) ?? null;
  return lineView(
    line,
    { facts, obligations },
    {
      now: asOf ?? deps.now(),
      declared,
      toBeLookedAt: toBeLookedAt((await lookUpVerdicts({ line }, asOf, deps)).rows),
      reasons: await reasonsFor(obligations, asOf ?? deps.now(), deps),
      notice: deps.notice,
    },
  );
}

export async function lookUpDigest(
  digest: string,
  asOf: Temporal.Instant | null,
  deps: LookUpDeps,
): Promise<DigestView | undefined> {
  let line: string | undefined;
  for await (const fact of deps.facts(0, asOf ?? undefined)) {
    line = lineOfDigest(fact, digest);
    if (line !== undefined) break;
  }
  if (line === undefined) return undefined;
  const facts = await lookUpLineFacts(line, asOf, deps);
  const obligations = await obligationsAt({ line }, asOf, deps);
  return digestView(
    digest,
    { line, facts, obligations },
    { now: asOf ?? deps.now(), reasons: await reasonsFor(obligations, asOf ?? deps.now(), deps), notice: deps.notice },
  );
}

/** What the ledger says about a line, in order. */
export async function lookUpLineFacts(
  line: string,
  asOf: Temporal.Instant | null,
  deps: Pick<LookUpDeps, 'facts'>,
): Promise<readonly Fact[]> {
  return await collect(deps, asOf, isAboutLine(line));
}

async function collect(
  deps: Pick<LookUpDeps, 'facts'>,
  asOf: Temporal.Instant | null,
  wanted: (fact: Fact) => boolean,
): Promise<readonly Fact[]> {
  const facts: Fact[] = [];
  for await (const fact of deps.facts(0, asOf ?? undefined)) if (wanted(fact)) facts.push(fact);
  return facts;
}
