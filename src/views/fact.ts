import type { Fact } from '../core/fact.ts';
import { BEGINNING_OF_TIME } from '../core/promise/instant.ts';
import type { Obligation } from '../core/promise/standing.ts';
import type { Account, Point } from './account.ts';
import { rowOf, type Why } from './row.ts';
import { eventOf, factWords } from './timeline.ts';

/** One fact of the ledger: what it says, since when, on which evidence, and which rows rest on it. */
export function factAccount(
  fact: Fact,
  obligations: readonly Obligation[],
  options: {
    readonly now: Temporal.Instant;
    readonly notice: string | null;
    readonly reasons: ReadonlyMap<string, Why>;
  },
): Account {
  const resting = obligations.filter((obligation) => restsOn(obligation, fact.id));
  return {
    notice: options.notice,
    now: options.now,
    kind: 'fact',
    title: `Fact ${fact.seq}`,
    about: factWords(fact),
    points: pointsOf(fact),
    why: null,
    rows: resting.map((each) => rowOf(each, options.now, options.reasons.get(each.id))),
    count: resting.length,
    events: [eventOf(fact)],
    next: 'suture ledger verify',
  };
}

/** Whose clock it started or stopped, or whose exposure it began or ended. */
function restsOn({ claims }: Obligation, id: string): boolean {
  return claims.some(
    ({ fix, endedBy, architectures }) =>
      fix?.fact === id ||
      endedBy === id ||
      architectures.some(({ exposures }) => exposures.some(({ fromFact, toFact }) => fromFact === id || toFact === id)),
  );
}

function pointsOf(fact: Fact): readonly Point[] {
  const { at, id, type, by, recordedAt, payloadDigest, evidence, prev, hash } = fact;
  const isExact = at.from.equals(at.to);
  const since = at.from.equals(BEGINNING_OF_TIME) ? 'it may always have been so' : 'not before';
  const when: readonly Point[] = isExact
    ? [{ label: 'happened', text: 'at this instant', at: at.to }]
    : [
        { label: 'happened', text: since, at: at.from.equals(BEGINNING_OF_TIME) ? null : at.from },
        { label: 'happened', text: 'not after', at: at.to },
      ];
  const text = (label: string, value: string): Point => ({ label, text: value, at: null });
  return [
    text('type', type),
    ...when,
    { label: 'recorded', text: `by ${by}`, at: recordedAt },
    text('id', id),
    text('payload', payloadDigest),
    ...(evidence.length === 0 ? [text('evidence', 'none: it is a statement of its own')] : []),
    ...evidence.map((digest) => text('evidence', digest)),
    text('fact before', prev),
    text('hash', hash),
  ];
}
