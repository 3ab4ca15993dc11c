import type { BoardRows } from '../../core/promise/board-rows.ts';
import type { Obligation, Standing } from '../../core/promise/standing.ts';
import { timePassed } from '../../core/promise/time-passed.ts';
import type { BoardQuery } from '../../factory/deps.ts';
import { boardAsOf } from './board-as-of.ts';
import { boardOrder } from './board-order.ts';
import { toMicroseconds } from './instant-column.ts';
import { obligationFromJson, rankOf } from './obligation-row.ts';
import type { Sql } from './sql.ts';

/**
 * The board in milliseconds over millions of rows: counts come from the rollup, rows from the ends of an index. What
 * time alone has changed since the projection (deadlines passed, waivers expired) is found by two small index ranges.
 */
export async function board(sql: Sql, query: BoardQuery): Promise<BoardRows> {
  if (query.asOf !== null) return boardAsOf(sql, { ...query, asOf: query.asOf });
  const now = toMicroseconds(query.now);
  const expired = await expiredWaivers(sql, query.now);
  const obligations: Obligation[] = [];
  for (const standing of boardOrder(query.standings)) {
    const stored = (await newestRows(sql, { standing, now, limit: query.limit })).map(obligationFromJson);
    const moved = expired.filter((obligation) => obligation.standing === standing);
    const rows = [...stored.map((obligation) => timePassed(obligation, query.now)), ...moved];
    obligations.push(...rows.sort((a, b) => rankOf(a) - rankOf(b)).slice(0, query.limit));
  }
  return {
    obligations,
    counts: await countsAt(sql, now, expired),
    worstMarginSeconds: await worstMarginOf(sql),
  };
}

/** Index obligations_board: the newest rows by standing, then rank; the rank of what is on track is its deadline. */
async function newestRows(
  sql: Sql,
  { standing, now, limit }: { readonly standing: Standing; readonly now: number; readonly limit: number },
): Promise<readonly string[]> {
  const first = async (stored: Standing, also: '' | keyof typeof narrowed) => {
    const text = `select json from obligations where recorded_to_us is null and standing = ?1
      ${also === '' ? '' : narrowed[also]} order by rank, id limit ?2`;
    return jsonOf(await sql.all(text, also === '' ? [stored, limit] : [stored, limit, now]));
  };
  if (standing === 'on-track') return first('on-track', 'ahead');
  if (standing === 'excluded') return first('excluded', 'inForce');
  const rows = await first(standing, '');
  return standing === 'overdue' ? [...rows, ...(await first('on-track', 'passed'))] : rows;
}

/** ?3 is now. */
const narrowed = {
  ahead: 'and rank >= ?3',
  passed: 'and rank < ?3',
  inForce: 'and (waiver_until_us > ?3 or waiver_until_us is null)',
};

function jsonOf(rows: readonly { readonly json: string }[]): readonly string[] {
  return rows.map(({ json }) => json);
}

/** Index obligations_waivers: as they stand now that their waiver is over. */
async function expiredWaivers(sql: Sql, now: Temporal.Instant): Promise<readonly Obligation[]> {
  const text = `select json from obligations where recorded_to_us is null and standing = 'excluded'
    and waiver_until_us is not null and waiver_until_us <= ?1`;
  return jsonOf(await sql.all(text, [toMicroseconds(now)])).map((json) => timePassed(obligationFromJson(json), now));
}

async function countsAt(
  sql: Sql,
  now: number,
  expired: readonly Obligation[],
): Promise<Readonly<Record<string, number>>> {
  const counts = new Map<string, number>();
  const add = (standing: string, n: number) => counts.set(standing, (counts.get(standing) ?? 0) + n);
  const stored = await sql.all<{ standing: string; n: number }>('select standing, n from obligation_counts');
  for (const { standing, n } of stored) add(standing, n);
  const text = `select count(*) as n from obligations
    where recorded_to_us is null and standing = 'on-track' and rank < ?1`;
  const [passed] = await sql.all<{ n: number }>(text, [now]);
  add('on-track', -(passed?.n ?? 0));
  add('overdue', passed?.n ?? 0);
  for (const { standing } of expired) {
    add('excluded', -1);
    add(standing, 1);
  }
  return Object.fromEntries([...counts].filter(([, n]) => n !== 0));
}

/** Index obligations_margin. */
async function worstMarginOf(sql: Sql): Promise<number | null> {
  const text = `select margin_seconds as worst from obligations
    where recorded_to_us is null and standing = 'missed' and margin_seconds is not null
    order by margin_seconds limit 1`;
  const [row] = await sql.all<{ worst: number }>(text);
  return row?.worst ?? null;
}
