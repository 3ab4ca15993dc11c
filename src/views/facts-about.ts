import type { Fact, FactOf } from '../core/fact.ts';
import { subject } from '../core/ledger/subjects.ts';
import type { Obligation } from '../core/promise/standing.ts';

/** Facts that a page about some obligations may need: cheap to ask of each fact while the ledger streams by. */
export function mayConcern(obligations: readonly Obligation[]): (fact: Fact) => boolean {
  const ids = new Set(obligations.flatMap((each) => [each.vulnerability, ...each.aliases]));
  const lines = new Set(obligations.map((each) => each.line));
  const upstreams = new Set(obligations.flatMap((each) => each.claims.map((claim) => claim.upstream)));
  return (fact) => {
    if (fact.type === 'advisory-recorded') {
      return ids.has(fact.payload.id) || fact.payload.aliases.some((alias) => ids.has(alias));
    }
    if (isUpstreamFact(fact)) return upstreams.has(fact.payload.upstream);
    if (fact.type === 'fix-verified') return ids.has(fact.payload.vulnerability);
    if (isExceptional(fact)) return ids.has(fact.payload.vulnerability) && lines.has(fact.payload.line);
    return isLineFact(fact) && fact.type !== 'line-declared' && lines.has(fact.payload.line);
  };
}

/** Subjects of all facts that `mayConcern` picks. */
export function subjectsConcerning(obligations: readonly Obligation[]): readonly string[] {
  const subjects = obligations.flatMap(({ vulnerability, aliases, line, claims }) => [
    ...[vulnerability, ...aliases].map(subject.vulnerability),
    subject.line(line),
    ...claims.map(({ upstream }) => subject.upstream(upstream)),
  ]);
  return [...new Set(subjects)];
}

/** Facts about one image line: what was declared, published, confirmed and withdrawn. */
export function isAboutLine(line: string): (fact: Fact) => boolean {
  return (fact) => isLineFact(fact) && fact.payload.line === line;
}

/** The line that published or confirmed a digest; undefined when nobody did. */
export function lineOfDigest(fact: Fact, digest: string): string | undefined {
  if (fact.type === 'image-confirmed') return fact.payload.digest === digest ? fact.payload.line : undefined;
  if (fact.type !== 'image-published') return undefined;
  const known = fact.payload.digest === digest || Object.values(fact.payload.manifests).some((each) => each === digest);
  return known ? fact.payload.line : undefined;
}

type LineFact =
  | FactOf<'line-declared'>
  | FactOf<'image-published'>
  | FactOf<'image-confirmed'>
  | FactOf<'image-withdrawn'>;

function isLineFact(fact: Fact): fact is LineFact {
  return (
    fact.type === 'line-declared' ||
    fact.type === 'image-published' ||
    fact.type === 'image-confirmed' ||
    fact.type === 'image-withdrawn'
  );
}

type UpstreamFact =
  | FactOf<'release-observed'>
  | FactOf<'release-withdrawn'>
  | FactOf<'stream-ended'>
  | FactOf<'package-built'>;

function isUpstreamFact(fact: Fact): fact is UpstreamFact {
  return (
    fact.type === 'release-observed' ||
    fact.type === 'release-withdrawn' ||
    fact.type === 'stream-ended' ||
    fact.type === 'package-built'
  );
}

type ExceptionalFact =
  | FactOf<'statement-made'>
  | FactOf<'statement-withdrawn'>
  | FactOf<'exception-granted'>
  | FactOf<'exception-ended'>;

function isExceptional(fact: Fact): fact is ExceptionalFact {
  return (
    fact.type === 'statement-made' ||
    fact.type === 'statement-withdrawn' ||
    fact.type === 'exception-granted' ||
    fact.type === 'exception-ended'
  );
}
