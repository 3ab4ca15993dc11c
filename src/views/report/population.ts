import { sha256 } from '../../core/ledger/sha256.ts';
import type { Obligation, Standing } from '../../core/promise/standing.ts';
import { standings } from '../shown.ts';
import type { Moment } from './fold.ts';
import type { Period } from './period.ts';

/** An obligation of the period, and when it was over. */
export interface Member {
  readonly obligation: Obligation;
  /** When it was fixed or ended otherwise; null while the line holds it. */
  readonly endedAt: Temporal.Instant | null;
}

/** Promise rule 10: every (vulnerability, line) that was matched at some time in the period. */
export interface Population {
  readonly count: number;
  /** How many have each standing. */
  readonly counts: Readonly<Record<Standing, number>>;
  /** The counts added up: equal to `count`, or the report is wrong. */
  readonly sum: number;
  readonly closes: boolean;
  /** SHA-256 hex over the ids in order, a line feed after each: two lists with the same digest are the same list. */
  readonly digest: string;
}

export interface Question {
  readonly period: Period;
  /** One line alone; null = all. */
  readonly line: string | null;
}

/**
 * Matched from when record and bytes were both known until the end. One that reaches over the border of two periods
 * belongs to both, so nothing that was open falls between them.
 */
export function membersOf(
  obligations: readonly Obligation[],
  { period, line }: Question,
  moments: ReadonlyMap<string, Moment>,
): readonly Member[] {
  return obligations
    .filter((each) => line === null || each.line === line)
    .map((obligation) => ({ obligation, endedAt: endOf(obligation, moments) }))
    .filter((member) => isIn(member, period))
    .sort(byStanding);
}

export function populationOf(members: readonly Member[]): Population {
  const counts = Object.fromEntries(standings.map((each) => [each, 0])) as Record<Standing, number>;
  for (const { obligation } of members) counts[obligation.standing] += 1;
  const ids = new Set(members.map(({ obligation }) => obligation.id));
  const sum = Object.values(counts).reduce((total, count) => total + count, 0);
  const list = [...ids].sort().map((id) => `${id}\n`);
  return { count: ids.size, counts, sum, closes: sum === ids.size, digest: sha256(list.join('')) };
}

/** The latest end of its claims; null when one of them has none. */
function endOf(obligation: Obligation, moments: ReadonlyMap<string, Moment>): Temporal.Instant | null {
  let end: Temporal.Instant | null = null;
  for (const { endedBy, clock } of obligation.claims) {
    const ended = clock.t1 ?? (endedBy === null ? null : (moments.get(endedBy)?.to ?? null));
    if (ended === null) return null;
    if (end === null || Temporal.Instant.compare(ended, end) > 0) end = ended;
  }
  return end;
}

function isIn({ obligation: { discoveredAt }, endedAt }: Member, { from, to }: Period): boolean {
  const [found, start] = [discoveredAt.epochMilliseconds, from.epochMilliseconds];
  if (found >= to.epochMilliseconds) return false;
  return found >= start || endedAt === null || endedAt.epochMilliseconds > start;
}

const SEVERITIES = ['critical', 'high', 'medium', 'low'];

/** As standings are listed; then the worst severity, then by name: the same facts give the same order. */
function byStanding({ obligation: a }: Member, { obligation: b }: Member): number {
  return (
    standings.indexOf(a.standing) - standings.indexOf(b.standing) ||
    SEVERITIES.indexOf(a.severity.level) - SEVERITIES.indexOf(b.severity.level) ||
    compareText(a.vulnerability, b.vulnerability) ||
    compareText(a.line, b.line)
  );
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
