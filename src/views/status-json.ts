import type { Clock } from '../core/promise/standing.ts';
import type { BoardView } from './board.ts';
import { isoDuration } from './durations.ts';
import type { Row } from './row.ts';
import type { WaiverRow } from './waivers.ts';

/** The board as JSON, `suture/status/1`: open rows first, in the order of the board. Additive within the major. */
export function statusJson(view: BoardView): Readonly<Record<string, unknown>> {
  return {
    schema: 'suture/status/1',
    generatedAt: view.now,
    dataAsOf: view.dataAsOf,
    notice: view.notice,
    catalog: view.catalog,
    promise: view.promise,
    alarms: view.alarms,
    waivers: view.waivers.map(waiverJson),
    summary: view.summary,
    items: [...view.groups.flatMap((group) => group.rows), ...view.ended].map((row) => rowJson(row)),
    next: view.next,
  };
}

/** One obligation, as in every JSON answer. */
export function rowJson(row: Row): Readonly<Record<string, unknown>> {
  return {
    id: row.id,
    standing: row.standing,
    atRisk: row.shown === 'at-risk',
    vulnerability: row.vulnerability,
    aliases: row.aliases,
    summary: row.summary,
    line: row.line,
    severity: { level: row.severity, by: row.severityBy },
    exploited: row.exploited,
    clock: clockJson(row.clock),
    leftSeconds: row.leftSeconds,
    left: row.leftSeconds === null ? null : isoDuration(row.leftSeconds),
    packages: row.packages,
    fixes: row.fixes,
    reason: { who: row.reason.who, text: row.reason.text },
    forecast: row.forecast,
  };
}

/** One obligation in a flat line, for CSV. */
export function rowCsv(row: Row): Readonly<Record<string, unknown>> {
  return {
    standing: row.standing,
    at_risk: row.shown === 'at-risk',
    vulnerability: row.vulnerability,
    line: row.line,
    severity: row.severity,
    start: row.clock.t0?.toString() ?? null,
    deadline: row.clock.due?.toString() ?? null,
    stop: row.clock.t1?.toString() ?? null,
    left_seconds: row.leftSeconds,
    margin_seconds: row.clock.marginSeconds,
    packages: row.packages.join(' '),
    reason: row.reason.text,
    expected: row.forecast?.p50?.toString() ?? null,
    expected_9_in_10: row.forecast?.p90?.toString() ?? null,
    miss_chance: row.forecast?.missChance ?? null,
  };
}

function waiverJson({
  row,
  approver,
  reason,
  until,
  leftSeconds,
  afterwards,
}: WaiverRow): Readonly<Record<string, unknown>> {
  return { vulnerability: row.vulnerability, line: row.line, approver, reason, until, leftSeconds, afterwards };
}

/** A clock as in every JSON answer. */
export function clockJson(clock: Clock): Readonly<Record<string, unknown>> {
  return {
    start: clock.t0,
    deadline: clock.due,
    stop: clock.t1,
    missedAt: clock.missedAt,
    marginSeconds: clock.marginSeconds,
    margin: clock.marginSeconds === null ? null : isoDuration(clock.marginSeconds),
  };
}
