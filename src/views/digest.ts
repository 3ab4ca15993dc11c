import type { Architecture, Fact, FactOf } from '../core/fact.ts';
import type { ArchitectureClock, Obligation } from '../core/promise/standing.ts';
import { currentDigests } from './line.ts';
import type { Row, Why } from './row.ts';
import { rowOf } from './row.ts';

/** For people who run a digest: what is it, is it current, and which fixes do they miss? */
export interface DigestView {
  readonly notice: string | null;
  readonly now: Temporal.Instant;
  readonly digest: string;
  /** Lines with the same contents share a digest: all that serve or served it, those that serve it now first. Not empty. */
  readonly lines: readonly DigestInLine[];
}

/** What a digest is to one line. */
export interface DigestInLine {
  readonly digest: string;
  readonly line: string;
  /** One for an image, all for an index. */
  readonly architectures: readonly Architecture[];
  readonly publishedAt: Temporal.Instant | null;
  readonly reason: string | null;
  readonly packages: readonly string[];
  readonly withdrawn: string | null;
  readonly current: boolean;
  /** What to pull instead, when it is not current. */
  readonly newest: string | null;
  /** How many publications came after it. */
  readonly behind: number;
  /** Vulnerabilities that it holds and that a later digest of the line does not. */
  readonly missedFixes: readonly Row[];
  /** Vulnerabilities that it holds and that the newest digest holds as well. */
  readonly stillOpen: readonly Row[];
}

interface LineWorld {
  readonly line: string;
  readonly facts: readonly Fact[];
  readonly obligations: readonly Obligation[];
}

interface DigestOptions {
  readonly now: Temporal.Instant;
  readonly reasons?: ReadonlyMap<string, Why>;
  readonly notice?: string | null;
}

/** Undefined when none of the lines published or confirmed it. */
export function digestView(
  digest: string,
  worlds: readonly LineWorld[],
  options: DigestOptions,
): DigestView | undefined {
  const lines = worlds.flatMap((world) => inLine(digest, world, options) ?? []);
  if (lines.length === 0) return undefined;
  const currentFirst = lines.toSorted((a, b) => Number(b.current) - Number(a.current) || (a.line < b.line ? -1 : 1));
  return { notice: options.notice ?? null, now: options.now, digest, lines: currentFirst };
}

/** `facts` and `obligations` are those of the line. */
function inLine(digest: string, world: LineWorld, options: DigestOptions): DigestInLine | undefined {
  const published = world.facts.filter((fact) => fact.type === 'image-published');
  const position = published.findLastIndex((fact) => names(fact, digest));
  const publication = published[position];
  const confirmations = world.facts
    .filter((fact) => fact.type === 'image-confirmed')
    .filter((fact) => isPartOf(fact.payload.digest, digest, publication));
  if (publication === undefined && confirmations.length === 0) return undefined;
  const newest = published.at(-1);
  const current = newest === undefined ? isCurrent(digest, world.facts) : names(newest, digest);
  const held = world.obligations.flatMap((each) => holding(each, confirmations));
  const row = (each: Obligation): Row => rowOf(each, options.now, options.reasons?.get(each.id));
  return {
    digest,
    line: world.line,
    architectures: [...new Set(confirmations.map((fact) => fact.payload.architecture))],
    publishedAt: publication?.at.to ?? null,
    reason: publication?.payload.reason ?? null,
    packages: publication?.payload.packages ?? [],
    withdrawn: withdrawal(world.facts, digest),
    current,
    newest: current ? null : newestFor(digest, publication, newest),
    behind: position < 0 ? 0 : published.length - 1 - position,
    missedFixes: held.filter(({ fixed }) => fixed).map(({ obligation }) => row(obligation)),
    stillOpen: held.filter(({ fixed }) => !fixed).map(({ obligation }) => row(obligation)),
  };
}

function names(fact: FactOf<'image-published'>, digest: string): boolean {
  return fact.payload.digest === digest || Object.values(fact.payload.manifests).some((each) => each === digest);
}

/** An index stands for all of its images, an image for itself. */
function isPartOf(image: string, digest: string, publication: FactOf<'image-published'> | undefined): boolean {
  if (image === digest) return true;
  return (
    publication?.payload.digest === digest &&
    Object.values(publication.payload.manifests).some((manifest) => manifest === image)
  );
}

function isCurrent(digest: string, facts: readonly Fact[]): boolean {
  return currentDigests(facts).some((each) => each.digest === digest);
}

function newestFor(
  digest: string,
  publication: FactOf<'image-published'> | undefined,
  newest: FactOf<'image-published'> | undefined,
): string | null {
  if (newest === undefined) return null;
  const architecture = Object.entries(publication?.payload.manifests ?? {}).find(([, each]) => each === digest)?.[0];
  const same = architecture === undefined ? undefined : newest.payload.manifests[architecture as Architecture];
  return same ?? newest.payload.digest;
}

function withdrawal(facts: readonly Fact[], digest: string): string | null {
  const fact = facts.findLast((each) => each.type === 'image-withdrawn' && each.payload.digest === digest);
  return fact?.type === 'image-withdrawn' ? fact.payload.reason : null;
}

/** Whether these bytes hold the obligation's flaw, and whether later bytes of the line are clean of it. */
function holding(
  obligation: Obligation,
  confirmations: readonly FactOf<'image-confirmed'>[],
): readonly { readonly obligation: Obligation; readonly fixed: boolean }[] {
  const exposures = obligation.claims
    .flatMap((claim) => claim.architectures)
    .flatMap((clock) => confirmations.flatMap((fact) => exposureAt(clock, fact)));
  return exposures.length === 0 ? [] : [{ obligation, fixed: exposures.every(({ to }) => to !== null) }];
}

/** The exposure in which a confirmation lies: its own end belongs to the bytes that came after it. */
function exposureAt(clock: ArchitectureClock, fact: FactOf<'image-confirmed'>): ArchitectureClock['exposures'] {
  if (clock.architecture !== fact.payload.architecture) return [];
  return clock.exposures.filter(({ from, to, fromFact, toFact }) => {
    if (fromFact === fact.id) return true;
    if (toFact === fact.id || Temporal.Instant.compare(from, fact.at.to) > 0) return false;
    return to === null || Temporal.Instant.compare(fact.at.from, to) < 0;
  });
}
