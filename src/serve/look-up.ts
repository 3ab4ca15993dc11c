import type { Catalog, Line } from '../core/catalog/catalog.ts';
import type { Fact } from '../core/fact.ts';
import { subject } from '../core/ledger/subjects.ts';
import type { ObligationStore, ReasonStore, RunQuestions } from '../factory/deps.ts';
import { type AdvisoryView, advisoryView } from '../views/advisory.ts';
import type { DigestView } from '../views/digest.ts';
import { digestView } from '../views/digest.ts';
import { isPackageFact } from '../views/package-origins.ts';
import { isAboutLine, lineOfDigest, mayConcern, subjectsConcerning } from '../views/facts-about.ts';
import type { LineView } from '../views/line.ts';
import { lineLife, type LineLifeWorld } from '../views/line-life.ts';
import { lineView } from '../views/line.ts';
import { ratingsView } from '../views/ratings.ts';
import { toBeLookedAt } from '../views/verdicts.ts';
import type { VulnerabilityView } from '../views/vulnerability.ts';
import { vulnerabilityView } from '../views/vulnerability.ts';
import { type ForecastDeps, lookUpForecasting } from './look-up-forecast.ts';
import { lookUpKnown } from './look-up-known.ts';
import { obligationsAt, reasonsFor } from './look-up-obligations.ts';
import { lookUpLineVerdicts, lookUpVerdicts, type VerdictDeps } from './look-up-verdicts.ts';

/** What pages and `explain` read. Nothing here writes. */
export interface LookUpDeps extends VerdictDeps, ForecastDeps {
  now(): Temporal.Instant;
  /** Says when the world is made up; null for the real one. */
  readonly notice: string | null;
  /** Null where there is none: the ledger answers alone. */
  catalog(): Promise<Catalog | null>;
  readonly obligations: ObligationStore['obligations'];
  /** Why an obligation stood where it stood at an instant, as the plan of that time said. */
  readonly reasons: ReasonStore['inForce'];
  /** Why it stood where it stood, from first to last. */
  readonly reasonHistory: ReasonStore['history'];
  /** What was run for recipes and lines. */
  readonly runsOf: RunQuestions['runsOf'];
  /** The last look at an upstream, in each form and place. */
  looksAt(upstream: string): Promise<readonly { readonly form: string; readonly at: Temporal.Instant }[]>;
}

/** By any id of the vulnerability, or one obligation by its own id. */
export async function lookUpVulnerability(
  by: { readonly vulnerability: string; readonly line?: string } | { readonly id: string },
  asOf: Temporal.Instant | null,
  deps: LookUpDeps,
): Promise<VulnerabilityView | undefined> {
  const obligations = await obligationsAt(by, asOf, deps);
  if (obligations.length === 0) return undefined;
  const facts = await collect(subjectsConcerning(obligations), { asOf, wanted: mayConcern(obligations) }, deps);
  const [first] = obligations;
  const { rows, records, policy } = await lookUpVerdicts(first?.vulnerability ?? '', asOf, deps);
  return vulnerabilityView(obligations, facts, {
    now: asOf ?? deps.now(),
    ...(await lookUpKnown(obligations, { asOf, facts, policy, records }, deps)),
    forecaster: (await lookUpForecasting(asOf, deps))?.forecaster ?? null,
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
  const { ids, records, policy, rows } = await lookUpVerdicts(id, asOf, deps);
  return advisoryView(ids, records, { now: asOf ?? deps.now(), notice: deps.notice, policy, verdicts: rows });
}

export async function lookUpLine(
  line: string,
  asOf: Temporal.Instant | null,
  deps: LookUpDeps,
): Promise<LineView | undefined> {
  const obligations = await obligationsAt({ line }, asOf, deps);
  const catalog = await deps.catalog();
  const declared = catalog?.lines.find((each) => each.line === line) ?? null;
  const facts = await factsOfLine(line, { declared, asOf }, deps);
  const forecasting = await lookUpForecasting(asOf, deps);
  const known = { line, declared, recipes: catalog?.recipes ?? [], facts, pulse: forecasting?.pulse ?? null };
  const looks = await looksFor(known, asOf, deps);
  return lineView(
    line,
    { facts, obligations },
    {
      now: asOf ?? deps.now(),
      declared,
      life: lineLife({ ...known, looks }, asOf ?? deps.now()),
      forecaster: forecasting?.forecaster ?? null,
      toBeLookedAt: toBeLookedAt(await lookUpLineVerdicts(line, asOf, deps)),
      reasons: await reasonsFor(obligations, asOf ?? deps.now(), deps),
      notice: deps.notice,
    },
  );
}

/** About the line, and about the packages that it holds or is to hold. */
async function factsOfLine(
  line: string,
  { declared, asOf }: { readonly declared: Line | null; readonly asOf: Temporal.Instant | null },
  deps: Pick<LookUpDeps, 'factsAbout'>,
): Promise<readonly Fact[]> {
  const own = await lookUpLineFacts(line, asOf, deps);
  const held = own.findLast((fact) => fact.type === 'image-published')?.payload.packages ?? [];
  const names = new Set([...held.map((each) => each.split('=')[0] ?? each), ...namesIn(declared)]);
  const packages = await collect([...names].map(subject.package), { asOf, wanted: isPackageFact }, deps);
  return [...own, ...packages].sort((a, b) => a.seq - b.seq);
}

function namesIn(declared: Line | null): readonly string[] {
  return declared?.packages.map(({ name }) => name) ?? [];
}

/** The last look at each upstream that the line's packages come from. Of the past it was not kept. */
async function looksFor(
  { declared, recipes }: Pick<LineLifeWorld, 'declared' | 'recipes'>,
  asOf: Temporal.Instant | null,
  deps: Pick<LookUpDeps, 'looksAt'>,
): Promise<LineLifeWorld['looks']> {
  if (asOf !== null) return [];
  const names = new Set(declared?.packages.map(({ name }) => name) ?? []);
  const upstreams = new Set(recipes.filter(({ name }) => names.has(name)).map(({ upstream }) => upstream.purl));
  return await Promise.all(
    [...upstreams].map(async (upstream) => {
      const ats = (await deps.looksAt(upstream)).map(({ at }) => at);
      return { upstream, at: ats.toSorted((a, b) => Temporal.Instant.compare(b, a))[0] ?? null };
    }),
  );
}

/** Lines with the same contents share a digest: what it is to each of them. */
export async function lookUpDigest(
  digest: string,
  asOf: Temporal.Instant | null,
  deps: Pick<LookUpDeps, 'factsAbout' | 'obligations' | 'reasons' | 'now' | 'notice'>,
): Promise<DigestView | undefined> {
  const about = { asOf, wanted: (fact: Fact) => lineOfDigest(fact, digest) !== undefined };
  const named = await collect([subject.digest(digest)], about, deps);
  const lines = [...new Set(named.flatMap((fact) => lineOfDigest(fact, digest) ?? []))];
  if (lines.length === 0) return undefined;
  const worlds = await Promise.all(
    lines.map(async (line) => ({
      line,
      facts: await lookUpLineFacts(line, asOf, deps),
      obligations: await obligationsAt({ line }, asOf, deps),
    })),
  );
  const now = asOf ?? deps.now();
  const all = worlds.flatMap(({ obligations }) => obligations);
  return digestView(digest, worlds, { now, reasons: await reasonsFor(all, now, deps), notice: deps.notice });
}

/** What the ledger says about a line, in order. */
export async function lookUpLineFacts(
  line: string,
  asOf: Temporal.Instant | null,
  deps: Pick<LookUpDeps, 'factsAbout'>,
): Promise<readonly Fact[]> {
  return await collect([subject.line(line)], { asOf, wanted: isAboutLine(line) }, deps);
}

async function collect(
  subjects: readonly string[],
  { asOf, wanted }: { readonly asOf: Temporal.Instant | null; readonly wanted: (fact: Fact) => boolean },
  deps: Pick<LookUpDeps, 'factsAbout'>,
): Promise<readonly Fact[]> {
  const facts: Fact[] = [];
  for await (const fact of deps.factsAbout({ subjects }, asOf ?? undefined)) if (wanted(fact)) facts.push(fact);
  return facts;
}
