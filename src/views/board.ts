import type { Forecaster } from '../core/forecast/forecast.ts';
import type { Policy } from '../core/promise/policy.ts';
import type { BoardRows } from '../core/promise/board-rows.ts';
import type { Standing } from '../core/promise/standing.ts';
import type { Pulse } from '../core/forecast/pulse.ts';
import { alarms, type Alarm } from './alarms.ts';
import { spell } from './durations.ts';
import { withForecast } from './forecast.ts';
import { metPercent } from './met-percent.ts';
import { promiseInOneLine } from './promise.ts';
import type { Row, Why } from './row.ts';
import { rowOf } from './row.ts';
import { waiverRows, type WaiverRow } from './waivers.ts';

/** The deadline board: are we keeping the promise, and what is next? */
export interface BoardView {
  /** Says when the world is made up; on every page and output. */
  readonly notice: string | null;
  readonly catalog: string | null;
  readonly lines: number | null;
  readonly promise: string | null;
  readonly now: Temporal.Instant;
  /** The newest fact that the figures rest on. */
  readonly dataAsOf: Temporal.Instant | null;
  /** What threatens before a deadline has passed; listed first. */
  readonly alarms: readonly Alarm[];
  /** Exclusions in force, above the figure that they are not part of. */
  readonly waivers: readonly WaiverRow[];
  readonly summary: BoardSummary;
  /** Overdue, on-track (at-risk first), waiting: in this order, also when empty. */
  readonly groups: readonly BoardGroup[];
  /** The newest that ended. */
  readonly ended: readonly Row[];
  /** One command to run next. */
  readonly next: string | null;
}

export interface BoardGroup {
  readonly standing: 'overdue' | 'on-track' | 'waiting';
  /** All there are; `rows` may be fewer. */
  readonly count: number;
  readonly atRisk: number;
  readonly rows: readonly Row[];
}

export interface BoardSummary {
  /** Met, missed, and overdue (counted as missed). */
  readonly due: number;
  readonly met: number;
  readonly missed: number;
  readonly overdue: number;
  /** Met of due, one decimal; null when nothing was due. Never 100 unless every one was met. */
  readonly metPercent: number | null;
  readonly worstMarginSeconds: number | null;
  /** "412 of 413 met (99.8 %) · worst missed by 2 h 05 m · 0 overdue". */
  readonly words: string;
  /** The same without the share: "worst missed by 2 h 05 m · 0 overdue". */
  readonly aside: string;
  /** Sum over all standings. */
  readonly population: number;
  readonly counts: Readonly<Partial<Record<Standing, number>>>;
}

/** What a board says about the catalog, without loading all of it. */
export interface CatalogSummary {
  readonly name: string;
  /** How many lines it declares, where that is known without reading them. */
  readonly lines?: number;
  readonly policy: Policy;
}

export interface BoardOptions {
  readonly now: Temporal.Instant;
  readonly catalog?: CatalogSummary | null;
  readonly dataAsOf?: Temporal.Instant | null;
  /** Why a row is where it is, by obligation id, as the plan says. */
  readonly reasons?: ReadonlyMap<string, Why>;
  /** The factory's last sign of life, and what forecasts from it. */
  readonly forecasting?: { readonly pulse: Pulse; readonly forecaster: Forecaster } | null;
  readonly notice?: string | null;
}

/** Rows under "lately ended". */
export const ENDED_SHOWN = 8;

export function board(rows: BoardRows, options: BoardOptions): BoardView {
  const { now, catalog = null, reasons } = options;
  const forecasting = options.forecasting ?? null;
  const all = rows.obligations.map((each) => {
    const row = rowOf(each, now, reasons?.get(each.id));
    return forecasting === null ? row : withForecast(row, each, { forecaster: forecasting.forecaster, now });
  });
  const waivers = waiverRows(rows.obligations, now);
  const groups = (['overdue', 'on-track', 'waiting'] as const).map((standing) =>
    group(standing, all, rows.counts[standing] ?? 0),
  );
  return {
    notice: options.notice ?? null,
    catalog: catalog?.name ?? null,
    lines: catalog?.lines ?? null,
    promise: catalog === null ? null : promiseInOneLine(catalog.policy),
    now,
    dataAsOf: options.dataAsOf ?? null,
    alarms: alarms({ pulse: forecasting?.pulse ?? null, rows: all, waivers, now }),
    waivers,
    summary: summaryOf(rows),
    groups,
    ended: all.filter(hasEnded).sort(newestFirst).slice(0, ENDED_SHOWN),
    next: nextCommand(groups),
  };
}

/** The percentage counts an overdue obligation as missed: 100 % cannot be made by leaving things open. */
export function summaryOf(rows: Pick<BoardRows, 'counts' | 'worstMarginSeconds'>): BoardSummary {
  const { counts } = rows;
  const [met, missed, overdue] = [counts['met'] ?? 0, counts['missed'] ?? 0, counts['overdue'] ?? 0];
  const due = met + missed + overdue;
  const percent = due === 0 ? null : metPercent(met, due, 1);
  const worst = missed === 0 || rows.worstMarginSeconds === null ? null : rows.worstMarginSeconds;
  const share = percent === null ? 'nothing was due yet' : `${met} of ${due} met (${percent.toFixed(1)} %)`;
  const worstWords = worst === null ? 'none missed' : `worst missed by ${spell(worst)}`;
  const aside = `${missed > 0 && worst === null ? `${missed} missed` : worstWords} · ${overdue} overdue`;
  return {
    due,
    met,
    missed,
    overdue,
    metPercent: percent,
    worstMarginSeconds: worst,
    words: `${share} · ${aside}`,
    aside,
    population: Object.values(counts).reduce((sum, count) => sum + count, 0),
    counts,
  };
}

function group(standing: BoardGroup['standing'], all: readonly Row[], counted: number): BoardGroup {
  const rows = all.filter((row) => row.standing === standing).sort(byUrgency);
  const atRisk = rows.filter((row) => row.shown === 'at-risk').length;
  return { standing, count: Math.max(counted, rows.length), atRisk, rows };
}

const SEVERITIES = ['critical', 'high', 'medium', 'low'];

/** At risk first, then what is missed most probably, then the least time left, the worst severity, the name: ties never move. */
function byUrgency(a: Row, b: Row): number {
  return (
    Number(b.shown === 'at-risk') - Number(a.shown === 'at-risk') ||
    (b.forecast?.missChance ?? 0) - (a.forecast?.missChance ?? 0) ||
    (a.leftSeconds ?? 0) - (b.leftSeconds ?? 0) ||
    SEVERITIES.indexOf(a.severity) - SEVERITIES.indexOf(b.severity) ||
    compareText(a.vulnerability, b.vulnerability) ||
    compareText(a.line, b.line)
  );
}

function hasEnded(row: Row): boolean {
  return row.standing === 'met' || row.standing === 'missed' || row.standing === 'fixed-early';
}

function newestFirst(a: Row, b: Row): number {
  return (
    (b.clock.t1?.epochMilliseconds ?? 0) - (a.clock.t1?.epochMilliseconds ?? 0) ||
    compareText(a.vulnerability, b.vulnerability) ||
    compareText(a.line, b.line)
  );
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function nextCommand(groups: readonly BoardGroup[]): string | null {
  const rows = groups.flatMap((each) => each.rows);
  const stuck = rows.find((row) => row.reason.who === 'person') ?? rows[0];
  if (stuck === undefined) return null;
  return stuck.reason.who === 'machine' ? 'suture plan' : `suture explain ${stuck.vulnerability}`;
}
