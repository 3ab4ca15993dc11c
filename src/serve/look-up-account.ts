import type { Catalog } from '../core/catalog/catalog.ts';
import type { Fact } from '../core/fact.ts';
import { subject, upstreamNamed } from '../core/ledger/subjects.ts';
import { isOpen, type Obligation } from '../core/promise/standing.ts';
import type { FactStore } from '../factory/deps.ts';
import type { Account } from '../views/account.ts';
import { factAccount } from '../views/fact.ts';
import { figureAccount } from '../views/figure.ts';
import { withForecast } from '../views/forecast.ts';
import { rowOf, shortName, type Row } from '../views/row.ts';
import type { Figure } from '../views/subject.ts';
import { upstreamAccount } from '../views/upstream.ts';
import { lookUpBoard, type BoardDeps } from './look-up-board.ts';
import { lookUpForecasting } from './look-up-forecast.ts';
import type { LookUpDeps } from './look-up.ts';
import { obligationsAt, reasonsFor } from './look-up-obligations.ts';

export interface AccountDeps extends LookUpDeps, BoardDeps {
  readonly facts: FactStore['facts'];
  /** One fact by its id. */
  fact(id: string): Promise<Fact | undefined>;
}

/** Rows of one standing that are read to answer for one thing among them. */
const ROWS_MAX = 10_000;

/** By its place in the ledger, or by its id. */
export async function lookUpFact(
  by: { readonly seq: number } | { readonly id: string },
  asOf: Temporal.Instant | null,
  deps: AccountDeps,
): Promise<Account | undefined> {
  const now = asOf ?? deps.now();
  const fact = 'seq' in by ? await factAt(by.seq, asOf, deps) : await deps.fact(by.id);
  if (fact === undefined || (asOf !== null && Temporal.Instant.compare(fact.recordedAt, asOf) > 0)) return undefined;
  const touched = await touchedBy(fact, asOf, deps);
  const reasons = await reasonsFor(touched, now, deps);
  return factAccount(fact, touched, { now, notice: deps.notice, reasons });
}

async function factAt(seq: number, asOf: Temporal.Instant | null, deps: AccountDeps): Promise<Fact | undefined> {
  for await (const fact of deps.facts(seq - 1, asOf ?? undefined)) return fact.seq === seq ? fact : undefined;
  return undefined;
}

/** Obligations on which a fact may bear: of its line, of its vulnerability, or open ones of its upstream. */
async function touchedBy(
  { type, payload }: Fact,
  asOf: Temporal.Instant | null,
  deps: AccountDeps,
): Promise<readonly Obligation[]> {
  if (type === 'advisory-recorded') return obligationsAt({ vulnerability: payload.id }, asOf, deps);
  if ('line' in payload) return obligationsAt({ line: payload.line }, asOf, deps);
  if ('upstream' in payload) return boardRows(EVERY_STANDING, asOf, deps);
  return [];
}

const EVERY_STANDING = ['overdue', 'on-track', 'waiting', 'met', 'missed', 'fixed-early'];

export async function lookUpFigure(figure: Figure, asOf: Temporal.Instant | null, deps: AccountDeps): Promise<Account> {
  const view = await lookUpBoard({ asOf, limit: ROWS_MAX, only: null }, deps);
  const open = view.groups.flatMap(({ rows }) => rows);
  if (figure === 'at-risk') return figureAccount(figure, view, open);
  const standings = figure === 'kept' ? ['missed', 'overdue', 'met'] : [figure];
  const known = new Map(open.map((row) => [row.id, row]));
  const obligations = await boardRows(standings, asOf, deps);
  const reasons = await reasonsFor(obligations, view.now, deps);
  const rows = obligations.map((each) => known.get(each.id) ?? rowOf(each, view.now, reasons.get(each.id)));
  return figureAccount(figure, view, rows);
}

/** An upstream by its purl, or whatever has that name: a recipe, a package, the last word of a purl. */
export async function lookUpUpstream(
  name: string,
  asOf: Temporal.Instant | null,
  deps: AccountDeps,
): Promise<Account | undefined> {
  const catalog = await deps.catalog();
  const known = await factsOf(name, catalog, asOf, deps);
  const purl = purlOf(name, catalog, known);
  if (purl === undefined) return undefined;
  const now = asOf ?? deps.now();
  const facts = known.filter((fact) => isAbout(fact, purl));
  const recipes = catalog?.recipes.filter(({ upstream }) => upstream.purl === purl) ?? [];
  const [looks, runs, forecasting] = await Promise.all([
    asOf === null ? deps.looksAt(purl) : [],
    asOf === null ? deps.runsOf(recipes.map(({ recipe }) => recipe)) : [],
    lookUpForecasting(asOf, deps),
  ]);
  const world = {
    recipes,
    lines: catalog?.lines ?? [],
    facts,
    looks,
    runs,
    pastRuns: forecasting?.runs ?? [],
    pulse: forecasting?.pulse ?? null,
    rows: await openRowsOf(purl, { now, asOf, forecasting }, deps),
  };
  return upstreamAccount(purl, world, { now, notice: deps.notice });
}

async function openRowsOf(
  purl: string,
  at: {
    readonly now: Temporal.Instant;
    readonly asOf: Temporal.Instant | null;
    readonly forecasting: Awaited<ReturnType<typeof lookUpForecasting>>;
  },
  deps: AccountDeps,
): Promise<readonly Row[]> {
  const all = await boardRows(['overdue', 'on-track', 'waiting'], at.asOf, deps);
  const open = all.filter(({ claims }) => claims.some((each) => each.upstream === purl && isOpen(each.standing)));
  const reasons = await reasonsFor(open, at.now, deps);
  return open.map((each) => {
    const row = rowOf(each, at.now, reasons.get(each.id));
    const { forecasting, now } = at;
    return forecasting === null ? row : withForecast(row, each, { forecaster: forecasting.forecaster, now });
  });
}

async function boardRows(
  standings: readonly string[],
  asOf: Temporal.Instant | null,
  deps: AccountDeps,
): Promise<readonly Obligation[]> {
  const now = asOf ?? deps.now();
  return (await deps.board({ now, asOf, limit: ROWS_MAX, standings })).obligations;
}

/** Facts of any upstream that the name may mean. */
async function factsOf(
  name: string,
  catalog: Catalog | null,
  asOf: Temporal.Instant | null,
  deps: AccountDeps,
): Promise<readonly Fact[]> {
  const purl = purlOf(name, catalog, []);
  const found: Fact[] = [];
  const subjects = [subject.upstream(purl ?? name), subject.package(name)];
  const wanted = { subjects, startingWith: purl === undefined ? [upstreamNamed(name)] : [] };
  for await (const fact of deps.factsAbout(wanted, asOf ?? undefined)) {
    if (purl !== undefined ? isAbout(fact, purl) : isNamed(fact, name)) found.push(fact);
  }
  return found;
}

function purlOf(name: string, catalog: Catalog | null, facts: readonly Fact[]): string | undefined {
  const recipe = catalog?.recipes.find(
    (each) => each.recipe === name || each.name === name || each.upstream.purl === name || each.file === name,
  );
  if (recipe !== undefined) return recipe.upstream.purl;
  const [fact] = facts;
  return fact === undefined ? undefined : upstreamOf(fact);
}

function isAbout(fact: Fact, purl: string): boolean {
  return upstreamOf(fact) === purl;
}

function isNamed(fact: Fact, name: string): boolean {
  const upstream = upstreamOf(fact);
  if (upstream === undefined) return false;
  return upstream === name || shortName(upstream) === name || ('name' in fact.payload && fact.payload.name === name);
}

/** Of what is taken over from Debian: its source package, whose releases are looked for. */
function upstreamOf({ type, payload }: Fact): string | undefined {
  if (type === 'package-imported') return `pkg:deb/debian/${payload.source.name}`;
  return 'upstream' in payload && typeof payload.upstream === 'string' ? payload.upstream : undefined;
}
