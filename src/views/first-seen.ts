import type { Fact } from '../core/fact.ts';
import type { AdvisoryRecord } from '../core/match/advisory.ts';
import { firstSeen, type FirstSeen, type FixChange, type Seen, type SeenVersion } from '../core/match/first-seen.ts';
import type { Claim } from '../core/promise/standing.ts';
import { secondsBetween } from './durations.ts';
import { shortName } from './row.ts';

/** When one record was published, and when it first named a fix in what the lines here hold. */
export interface RecordSeen {
  readonly id: string;
  readonly source: string;
  readonly published: SeenAt;
  readonly fixes: readonly FixSeen[];
}

/** `at` is the earliest point that the record's versions leave open; `withinSeconds` how wide that is, 0 = exact. */
export interface SeenAt {
  readonly at: Temporal.Instant;
  readonly withinSeconds: number;
  readonly fact: string;
}

export interface FixSeen {
  readonly component: string;
  readonly package: string;
  readonly branch: string;
  readonly changes: readonly (SeenAt & { readonly words: string })[];
}

/** Of every record of the vulnerability that speaks of what the claims are about, first published first. */
export function recordsSeen(
  ids: readonly string[],
  claims: readonly Claim[],
  facts: readonly Fact[],
): readonly RecordSeen[] {
  const upstreams = new Set(claims.map((claim) => claim.upstream));
  return [...versionsByRecord(ids, facts)]
    .flatMap(([record, versions]) => {
      const seen = firstSeen(versions);
      const concerns = versions.some(({ says }) => says.affected.some((each) => upstreams.has(each.package)));
      return seen === undefined || !concerns ? [] : [recordSeen(record, seen, upstreams)];
    })
    .toSorted((a, b) => Temporal.Instant.compare(a.published.at, b.published.at) || (a.id < b.id ? -1 : 1));
}

function recordSeen(
  { id, source }: Pick<AdvisoryRecord, 'id' | 'source'>,
  { published, branches }: FirstSeen,
  upstreams: ReadonlySet<string>,
): RecordSeen {
  const fixes = branches.filter((each) => upstreams.has(each.package));
  return {
    id,
    source,
    published: seenAt(published),
    fixes: fixes.map(({ package: about, branch, changes }) => ({
      component: shortName(about),
      package: about,
      branch,
      changes: changes.map((each) => ({ ...seenAt(each.seen), words: wordsOf(each) })),
    })),
  };
}

function versionsByRecord(ids: readonly string[], facts: readonly Fact[]) {
  const records = new Map<string, { readonly record: AdvisoryRecord; readonly versions: SeenVersion[] }>();
  for (const fact of facts) {
    if (fact.type !== 'advisory-recorded' || !ids.includes(fact.payload.id)) continue;
    const key = `${fact.payload.id}\n${fact.payload.source}`;
    const known = records.get(key) ?? { record: fact.payload, versions: [] };
    const { from, to } = fact.at;
    known.versions.push({ fact: fact.id, from: from.epochMilliseconds, to: to.epochMilliseconds, says: fact.payload });
    records.set(key, known);
  }
  return [...records.values()].map(({ record, versions }) => {
    return [record, versions.toSorted((a, b) => a.from - b.from)] as const;
  });
}

function seenAt({ from, to, fact }: Seen): SeenAt {
  const at = Temporal.Instant.fromEpochMilliseconds(from);
  return { at, withinSeconds: secondsBetween(at, Temporal.Instant.fromEpochMilliseconds(to)), fact };
}

function wordsOf(change: FixChange): string {
  switch (change.kind) {
    case 'named':
      return `fix named: ${change.version}`;
    case 'corrected':
      return `corrected: ${change.version}, not ${change.instead}`;
    case 'withdrawn':
      return `${change.version} named no more`;
  }
}
