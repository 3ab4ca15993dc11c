import type { Fact, FactOf, FactPayloads } from '../core/fact.ts';
import { BEGINNING_OF_TIME } from '../core/promise/instant.ts';
import type { Claim, Obligation } from '../core/promise/standing.ts';
import { shortName } from './row.ts';

/** One thing on a vulnerability's timeline, with the fact that stands for it. */
export interface TimelineEvent {
  /** The earliest point that we can vouch for. */
  readonly at: Temporal.Instant;
  /** When it was seen first, where it may always have been there: before the first look nobody knows. */
  readonly sinceEver: Temporal.Instant | null;
  /** How wide the interval is, in seconds; 0 = exact. */
  readonly precisionSeconds: number;
  readonly recordedAt: Temporal.Instant;
  readonly words: string;
  /** Whether it exposed a line, started a clock or stopped one. */
  readonly tone: 'exposed' | 'start' | 'stop' | 'plain';
  readonly fact: string;
  readonly seq: number;
  readonly evidence: readonly string[];
}

/** The facts that moved these obligations, in the order in which they happened. */
export function timeline(obligations: readonly Obligation[], facts: readonly Fact[]): readonly TimelineEvent[] {
  const claims = obligations.flatMap((each) => each.claims);
  const starts = new Set(claims.flatMap((claim) => (claim.fix === null ? [] : [claim.fix.fact])));
  const stops = new Set(claims.flatMap((claim) => (claim.endedBy === null ? [] : [claim.endedBy])));
  const exposed = new Set(
    claims.flatMap((claim) => claim.architectures.flatMap((each) => each.exposures.map(({ fromFact }) => fromFact))),
  );
  const confirmed = facts.filter((fact) => fact.type === 'image-confirmed').filter(referencedBy(claims));
  const digests = new Set<string>(confirmed.map((fact) => fact.payload.digest));
  return facts
    .filter((fact) => belongs(fact, claims, digests))
    .filter((fact) => fact.type !== 'image-confirmed' || confirmed.includes(fact))
    .toSorted((a, b) => Temporal.Instant.compare(a.at.from, b.at.from) || a.seq - b.seq)
    .map((fact) =>
      eventOf(
        fact,
        starts.has(fact.id) ? 'start' : stops.has(fact.id) ? 'stop' : exposed.has(fact.id) ? 'exposed' : 'plain',
      ),
    );
}

/** A fact as it stands on a timeline. */
export function eventOf(fact: Fact, tone: TimelineEvent['tone'] = 'plain'): TimelineEvent {
  return {
    at: fact.at.from,
    sinceEver: fact.at.from.equals(BEGINNING_OF_TIME) ? fact.at.to : null,
    precisionSeconds: Math.round((fact.at.to.epochMilliseconds - fact.at.from.epochMilliseconds) / 1000),
    recordedAt: fact.recordedAt,
    words: factWords(fact),
    tone,
    fact: fact.id,
    seq: fact.seq,
    evidence: fact.evidence,
  };
}

function referencedBy(claims: readonly Claim[]): (fact: FactOf<'image-confirmed'>) => boolean {
  const ids = new Set(
    claims.flatMap((claim) => [
      ...(claim.endedBy === null ? [] : [claim.endedBy]),
      ...claim.architectures.flatMap((each) => each.exposures.flatMap(({ fromFact, toFact }) => [fromFact, toFact])),
    ]),
  );
  return (fact) => ids.has(fact.id);
}

/** Releases and builds of the fixing version only; images only where one of their digests decided something. */
function belongs(fact: Fact, claims: readonly Claim[], digests: ReadonlySet<string>): boolean {
  const ofFix = (upstream: string, version: string): boolean =>
    claims.some((claim) => claim.upstream === upstream && claim.fix?.version === version);
  if (fact.type === 'release-observed' || fact.type === 'release-withdrawn') {
    return ofFix(fact.payload.upstream, fact.payload.version);
  }
  if (fact.type === 'package-built') return ofFix(fact.payload.upstream, fact.payload.upstreamVersion);
  if (fact.type === 'image-published') return Object.values(fact.payload.manifests).some((each) => digests.has(each));
  if (fact.type === 'image-withdrawn') return digests.has(fact.payload.digest);
  return true;
}

/** A fact in a short sentence. */
export function factWords(fact: Fact): string {
  switch (fact.type) {
    case 'advisory-recorded':
      return `${fact.payload.id} ${advisoryWords(fact.payload)} (${fact.payload.source})`;
    case 'aliases-corrected':
      return `aliases corrected: ${fact.payload.reason}`;
    case 'looked':
      return `looked at ${shortName(fact.payload.upstream)}: ${fact.payload.versions.length} versions`;
    case 'release-observed':
      return `${shortName(fact.payload.upstream)} ${fact.payload.version} available upstream`;
    case 'release-withdrawn':
      return `${shortName(fact.payload.upstream)} ${fact.payload.version} withdrawn upstream: ${fact.payload.reason}`;
    case 'stream-ended':
      return `${shortName(fact.payload.upstream)} ${fact.payload.stream} ended upstream`;
    case 'fix-verified':
      return `${shortName(fact.payload.upstream)} ${fact.payload.version} ${verified[fact.payload.result]} ${fact.payload.vulnerability}`;
    case 'line-declared':
      return `${fact.payload.line} declared`;
    case 'policy-adopted':
      return `policy ${fact.payload.policy.name} adopted`;
    case 'package-built':
      return `${fact.payload.name} ${fact.payload.version} built for ${fact.payload.architecture}`;
    case 'package-imported':
      return `${fact.payload.name} ${fact.payload.version} imported from ${fact.payload.suite}`;
    case 'image-published':
      return `${fact.payload.line} published: ${fact.payload.reason}`;
    case 'image-confirmed':
      return `${fact.payload.line} (${fact.payload.architecture}) pulled back and judged`;
    case 'image-withdrawn':
      return `${fact.payload.line} withdrawn: ${fact.payload.reason}`;
    case 'statement-made':
      return `${fact.payload.line} stated not affected: ${fact.payload.impact || fact.payload.justification}`;
    case 'statement-withdrawn':
      return `statement for ${fact.payload.line} withdrawn: ${fact.payload.reason}`;
    case 'exception-granted':
      return `${fact.payload.kind} for ${fact.payload.line} by ${fact.payload.approver}: ${fact.payload.reason}`;
    case 'exception-ended':
      return `${fact.payload.kind} for ${fact.payload.line} ended: ${fact.payload.reason}`;
    case 'review-decided':
      return `review ${fact.payload.decision}: ${fact.payload.reason}`;
    case 'evidence-corrected':
      return `evidence corrected: ${fact.payload.reason}`;
    case 'head-signed':
      return `ledger head ${fact.payload.seq} signed`;
    case 'payload-sealed':
      return `fact ${fact.payload.fact.slice(0, 12)} sealed until ${fact.payload.until}`;
    case 'payload-erased':
      return `fact ${fact.payload.fact.slice(0, 12)} erased by ${fact.by}: ${fact.payload.reason}`;
  }
}

const verified = {
  contains: 'truly contains the fix for',
  lacks: 'lacks the fix for',
  'patch-equivalent': 'agrees with our patch for',
  'patch-differs': 'differs from our patch for',
} as const;

/** What this version of a record says: that it is new, where the fix is, or that it was taken back. */
function advisoryWords({ published, modified, withdrawn, affected }: FactPayloads['advisory-recorded']): string {
  if (withdrawn !== null) return 'withdrawn';
  const said = published === null || published === modified ? 'published' : 'changed';
  const fixed = [...new Set(affected.flatMap(({ ranges }) => ranges.flatMap((range) => range.fixed ?? [])))];
  return fixed.length === 0 ? `${said}, without a fix` : `${said}, fixed in ${fixed.join(', ')}`;
}
