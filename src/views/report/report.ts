import { canonicalJson } from '../../core/ledger/canonical-json.ts';
import { sha256 } from '../../core/ledger/sha256.ts';
import { obligations, standingUnder } from '../../core/promise/obligations.ts';
import type { Policy } from '../../core/promise/policy.ts';
import type { Obligation, Standing } from '../../core/promise/standing.ts';
import { exclusionsOf, type Exclusions } from './exclusions.ts';
import type { Correction, ReportLedger } from './fold.ts';
import { fixTimesOf, type FixTimes } from './fix-times.ts';
import type { Period } from './period.ts';
import { policiesIn, type PoliciesInPeriod } from './policies.ts';
import { membersOf, populationOf, type Population } from './population.ts';
import { reportRow, type ReportRow } from './report-row.ts';
import { sampleOf, type Sample } from './sample.ts';
import { sharesByClock, sharesOf, type Shares, type SharesByClock } from './shares.ts';
import { stageTimes, type StageTime } from './stages.ts';

/** Raised whenever the same facts would give other figures than before: old reports are then read by their own method. */
export const reportMethod = 1;

/** What is asked of the ledger; together with the facts it decides every byte of a report. */
export interface ReportQuestion {
  readonly period: Period;
  /** Judged at this instant, from the facts recorded until then. */
  readonly asOf: Temporal.Instant;
  /** One line alone; null = all. */
  readonly line: string | null;
  /** A policy that was not promised, to be shown beside the one that was. */
  readonly whatIf: Policy | null;
  readonly sample: { readonly size: number; readonly seed: string } | null;
  /** Says when the world is made up. */
  readonly notice: string | null;
  readonly catalog: string | null;
}

export interface ReportView {
  /** "SR-" and twelve digits that stand for question, facts and method. */
  readonly id: string;
  readonly method: number;
  readonly question: ReportQuestion;
  readonly head: { readonly seq: number; readonly hash: string };
  readonly policies: PoliciesInPeriod;
  readonly exclusions: Exclusions;
  readonly population: Population;
  readonly shares: SharesByClock;
  readonly rows: readonly ReportRow[];
  readonly fixTimes: readonly FixTimes[];
  readonly stages: readonly StageTime[];
  /** Recorded in the period or after it. */
  readonly corrections: readonly Correction[];
  readonly sample: Sample | null;
  readonly whatIf: WhatIf | null;
}

/** The same facts judged as if another policy had always been in force. */
export interface WhatIf {
  readonly name: string;
  readonly population: Population;
  readonly shares: Shares;
  /** Those that would stand otherwise. */
  readonly changed: readonly {
    readonly row: ReportRow;
    readonly standing: Standing;
    readonly marginSeconds: number | null;
  }[];
}

/** How the promise was kept in a period. Pure: the same ledger and question give the same view, here and in a browser. */
export function reportView(ledger: ReportLedger, question: ReportQuestion): ReportView {
  const { asOf, period, sample } = question;
  const members = membersOf(obligations(ledger.history, asOf), question, ledger.moments);
  const own = members.map(({ obligation }) => obligation);
  const rows = members.map((member) => reportRow(member, ledger, asOf));
  return {
    id: idOf(ledger, question),
    method: reportMethod,
    question,
    head: ledger.head,
    policies: policiesIn(ledger, period, asOf),
    exclusions: exclusionsOf(own, ledger),
    population: populationOf(members),
    shares: sharesByClock(own, (each, start) => standingUnder(ledger.history, each, { now: asOf, start })),
    rows,
    fixTimes: fixTimesOf(members, asOf),
    stages: stageTimes(own, ledger),
    corrections: correctionsOf(ledger, question),
    sample:
      sample === null
        ? null
        : sampleOf(
            rows.map(({ id }) => id),
            sample.size,
            sample.seed,
          ),
    whatIf: question.whatIf === null ? null : whatIf(question.whatIf, rows, { ledger, question }),
  };
}

/** What was corrected since the period began, and whose margin it moved. */
function correctionsOf({ corrections }: ReportLedger, { period, line }: ReportQuestion): readonly Correction[] {
  return corrections
    .filter(({ fact }) => Temporal.Instant.compare(fact.recordedAt, period.from) >= 0)
    .map(({ fact, changed }) => ({ fact, changed: changed.filter((each) => line === null || each.line === line) }));
}

function whatIf(
  policy: Policy,
  rows: readonly ReportRow[],
  { ledger, question }: { readonly ledger: ReportLedger; readonly question: ReportQuestion },
): WhatIf {
  const judged = obligations(ledger.history, question.asOf, { policy });
  const members = membersOf(judged, question, ledger.moments);
  const byId = new Map<string, Obligation>(members.map(({ obligation }) => [obligation.id, obligation]));
  const changed = rows.flatMap((row) => {
    const other = byId.get(row.id);
    if (
      other === undefined ||
      (other.standing === row.standing && other.clock.marginSeconds === row.clock.marginSeconds)
    )
      return [];
    return [{ row, standing: other.standing, marginSeconds: other.clock.marginSeconds }];
  });
  return {
    name: policy.name,
    population: populationOf(members),
    shares: sharesOf(members.map(({ obligation }) => obligation)),
    changed,
  };
}

function idOf({ head }: ReportLedger, { period, asOf, ...rest }: ReportQuestion): string {
  const { name, from, to } = period;
  const told = [reportMethod, head.hash, name, from.toString(), to.toString(), asOf.toString(), { ...rest }];
  return `SR-${sha256(canonicalJson(told)).slice(0, 12)}`;
}
