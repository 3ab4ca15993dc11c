import type { Clock, Obligation } from '../../core/promise/standing.ts';
import { spell } from '../durations.ts';
import { phaseWords } from '../phase-words.ts';
import { rowOf, type Row } from '../row.ts';
import { stagePieces } from '../stage-pieces.ts';
import type { ReportLedger } from './fold.ts';
import { stageFactsOf } from './stages.ts';
import type { Member } from './population.ts';

/** One obligation of the period. */
export interface ReportRow
  extends Pick<
    Row,
    | 'id'
    | 'vulnerability'
    | 'aliases'
    | 'summary'
    | 'line'
    | 'severity'
    | 'severityBy'
    | 'exploited'
    | 'standing'
    | 'time'
    | 'fixes'
  > {
  readonly clock: Clock;
  readonly clocks: Obligation['clocks'];
  readonly discoveredAt: Temporal.Instant;
  readonly endedAt: Temporal.Instant | null;
  /** Where the hours went, of what was missed or is overdue: "build 31 h of 50 h 05 m". */
  readonly cause: string | null;
  readonly waiver: Obligation['waiver'];
  readonly hold: Obligation['hold'];
}

export function reportRow({ obligation, endedAt }: Member, ledger: ReportLedger, asOf: Temporal.Instant): ReportRow {
  const { id, vulnerability, aliases, summary, line, severity, severityBy, exploited, standing, clock, time, fixes } =
    rowOf(obligation, asOf);
  return {
    id,
    vulnerability,
    aliases,
    summary,
    line,
    severity,
    severityBy,
    exploited,
    standing,
    time,
    fixes,
    clock,
    clocks: obligation.clocks,
    discoveredAt: obligation.discoveredAt,
    endedAt,
    cause: standing === 'missed' || standing === 'overdue' ? causeOf(obligation, ledger, asOf) : null,
    waiver: obligation.waiver,
    hold: obligation.hold,
  };
}

/** All its hours, the longest first; and who asked for it to be held, which takes nothing off. */
function causeOf(obligation: Obligation, ledger: ReportLedger, asOf: Temporal.Instant): string {
  const pieces = stagePieces(obligation, stageFactsOf(obligation, ledger), asOf)
    .map(({ stage, from, to }) => ({ name: phaseWords[stage], seconds: to - from }))
    .filter(({ seconds }) => seconds > 0)
    .toSorted((a, b) => b.seconds - a.seconds);
  const total = pieces.reduce((sum, { seconds }) => sum + seconds, 0);
  const words = pieces.map(({ name, seconds }) => `${name} ${spell(seconds)}`);
  const held = obligation.hold === null ? [] : [`held by ${obligation.hold.approver}: ${obligation.hold.reason}`];
  const isDeciding = pieces[0]?.name === phaseWords.decide;
  return [
    words.length === 0 ? 'no fact tells where the hours went' : `${words.join(', ')} of ${spell(total)}`,
    ...(isDeciding ? ['attempts that failed count in decide'] : []),
    ...held,
  ].join('; ');
}
