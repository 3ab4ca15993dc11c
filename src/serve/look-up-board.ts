import type { BoardRows } from '../core/promise/board-rows.ts';
import type { BoardQuery, ObligationStore, ReasonStore } from '../factory/deps.ts';
import type { BoardView, CatalogSummary } from '../views/board.ts';
import { board, ENDED_SHOWN } from '../views/board.ts';
import { subjectOf } from '../views/subject.ts';
import { type ForecastDeps, lookUpForecasting } from './look-up-forecast.ts';
import { obligationsAt, reasonsFor } from './look-up-obligations.ts';

/** What the board reads; each answer must be quick, for the board is what people open first. */
export interface BoardDeps extends ForecastDeps {
  now(): Temporal.Instant;
  readonly notice: string | null;
  readonly board: ObligationStore['board'];
  readonly obligations: ObligationStore['obligations'];
  /** Null where there is none. Only what the head of the board says, not the whole catalog. */
  summary(): Promise<CatalogSummary | null>;
  /** When the newest fact was recorded. */
  dataAsOf(): Promise<Temporal.Instant | null>;
  readonly reasons: ReasonStore['inForce'];
}

export interface BoardWish {
  readonly asOf: Temporal.Instant | null;
  /** Rows for each standing. */
  readonly limit: number;
  /** A line or a vulnerability; null = everything. */
  readonly only: string | null;
}

export async function lookUpBoard(wish: BoardWish, deps: BoardDeps): Promise<BoardView> {
  const now = wish.asOf ?? deps.now();
  const rows = wish.only === null ? await allRows(wish, now, deps) : await rowsOf(wish.only, wish.asOf, deps);
  const [catalog, dataAsOf, reasons, forecasting] = await Promise.all([
    deps.summary(),
    wish.asOf ?? deps.dataAsOf(),
    reasonsFor(rows.obligations, now, deps),
    lookUpForecasting(wish.asOf, deps),
  ]);
  return board(rows, { now, catalog, dataAsOf, reasons, forecasting, notice: deps.notice });
}

/** Many open rows, few of those that ended: what a board does not show is not read. */
async function allRows(wish: BoardWish, now: Temporal.Instant, deps: BoardDeps): Promise<BoardRows> {
  const query: BoardQuery = { now, asOf: wish.asOf, limit: wish.limit, standings: ['overdue', 'on-track', 'waiting'] };
  const [open, waived, ended] = await Promise.all([
    deps.board(query),
    deps.board({ ...query, standings: ['excluded'] }),
    deps.board({ ...query, limit: ENDED_SHOWN, standings: ['met', 'missed', 'fixed-early'] }),
  ]);
  return { ...open, obligations: [...open.obligations, ...waived.obligations, ...ended.obligations] };
}

/** The board of one line or vulnerability: few rows, counted here. */
async function rowsOf(only: string, asOf: Temporal.Instant | null, deps: BoardDeps): Promise<BoardRows> {
  const subject = subjectOf(only);
  const by = subject.kind === 'line' ? { line: subject.line } : { vulnerability: only };
  const obligations = await obligationsAt(by, asOf, deps);
  const counts: Record<string, number> = {};
  for (const { standing } of obligations) counts[standing] = (counts[standing] ?? 0) + 1;
  const margins = obligations.flatMap(({ standing, clock }) =>
    standing === 'missed' && clock.marginSeconds !== null ? [clock.marginSeconds] : [],
  );
  return { obligations, counts, worstMarginSeconds: margins.length === 0 ? null : Math.min(...margins) };
}
