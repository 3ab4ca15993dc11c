import type { AdvisoryRecord, AffectedPackage } from '../../core/match/advisory.ts';
import { judge } from '../../core/match/match.ts';
import { isStronger } from './index-hit.ts';
import type { AdvisoryLookup, HitReason, IndexHit, IndexQuery } from './index-hit.ts';
import { statementTraits } from './traits.ts';
import type { StatementTraits } from './traits.ts';

/**
 * An index with what came since: a record takes the place of an earlier one of the same id and source, in the index or
 * among these, and a withdrawn one leaves nothing in it. `position` counts these records from 0.
 */
export function withOverlay(index: AdvisoryLookup, records: Iterable<AdvisoryRecord>): AdvisoryLookup {
  const newest = new Map<string, Placed>();
  let position = 0;
  for (const record of records) newest.set(nameOf(record), { record, position: position++ });
  const byPackage = new Map<string, Placed[]>();
  for (const placed of newest.values()) {
    for (const name of new Set(placed.record.affected.map((affected) => affected.package))) {
      byPackage.set(name, [...(byPackage.get(name) ?? []), placed]);
    }
  }
  return {
    lookup: (query) => [
      ...index.lookup(query).filter((hit) => !newest.has(nameOf(hit))),
      ...(byPackage.get(query.package) ?? []).flatMap((placed) => hitOf(placed, query) ?? []),
    ],
  };
}

interface Placed {
  readonly record: AdvisoryRecord;
  readonly position: number;
}

function nameOf({ id, source }: Pick<AdvisoryRecord, 'id' | 'source'>): string {
  return `${source}\0${id}`;
}

function hitOf({ record, position }: Placed, query: IndexQuery): IndexHit | undefined {
  if (record.withdrawn !== null) return undefined;
  let best: Statement | undefined;
  for (const affected of record.affected) {
    if (affected.package !== query.package) continue;
    const found = statementOf(record, affected, query);
    if (found !== undefined && (best === undefined || isStronger(found, best))) best = found;
  }
  if (best === undefined) return undefined;
  const { id, source, aliases, upstream = [], malicious, informational = null } = record;
  return { id, source, aliases, upstream, malicious, informational, position, ...best };
}

type Statement = StatementTraits & Pick<IndexHit, 'verdict' | 'because' | 'fixed'>;

function statementOf(record: AdvisoryRecord, stated: AffectedPackage, query: IndexQuery): Statement | undefined {
  if (stated.stream !== null && stated.stream !== query.stream) return undefined;
  const affected = { ...stated, ranges: [...stated.ranges, ...(stated.customRanges ?? [])] };
  const verdict = judge(affected, query.version, query.stream);
  const traits = statementTraits(record, affected);
  if (verdict === 'not-affected') {
    const outright = affected.verdict ?? ((affected.unreadRanges ?? 0) > 0 ? 'undetermined' : undefined);
    if (outright === undefined) return undefined;
    const said = outright === 'undetermined' ? 'indeterminate' : outright;
    return { verdict: said, because: { kind: 'stated' }, fixed: null, ...traits };
  }
  const because = reasonOf(affected, query, verdict);
  return { verdict, because, fixed: because.kind === 'range' ? because.range.fixed : null, ...traits };
}

/** A range says more than a name in a list: it ends. */
function reasonOf(affected: AffectedPackage, query: IndexQuery, verdict: IndexHit['verdict']): HitReason {
  const range = affected.ranges
    .filter((each) => judge({ ...affected, ranges: [each], versions: [] }, query.version, query.stream) === verdict)
    .toSorted((a, b) => Number(b.fixed !== null) - Number(a.fixed !== null))[0];
  return range === undefined ? { kind: 'named', version: query.version } : { kind: 'range', range };
}
