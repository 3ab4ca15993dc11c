import type { BoardRows } from '../../core/promise/board-rows.ts';
import type { Obligation } from '../../core/promise/standing.ts';
import { timePassed } from '../../core/promise/time-passed.ts';
import type { BoardQuery } from '../../factory/deps.ts';
import { boardOrder } from './board-order.ts';
import { toMicroseconds } from './instant-column.ts';
import { obligationFromJson } from './obligation-row.ts';
import type { Sql } from './sql.ts';

/**
 * The board as it was recorded at an instant. The rollup knows only the newest rows, so this counts: one pass over the
 * index obligations_as_of, which holds every column that is asked for.
 */
export async function boardAsOf(sql: Sql, query: BoardQuery & { readonly asOf: Temporal.Instant }): Promise<BoardRows> {
  const instants = [toMicroseconds(query.asOf), toMicroseconds(query.now)];
  const counted = await sql.all<{ standing: string; n: number; worst: number | null }>(counts, instants);
  const rows = await sql.all<{ standing: string; json: string }>(firstRows, [...instants, query.limit]);
  const byStanding = Map.groupBy(rows, ({ standing }) => standing);
  const obligations: Obligation[] = boardOrder(query.standings).flatMap((standing) =>
    (byStanding.get(standing) ?? []).map(({ json }) => timePassed(obligationFromJson(json), query.now)),
  );
  return {
    obligations,
    counts: Object.fromEntries(counted.map(({ standing, n }) => [standing, n])),
    worstMarginSeconds: counted.find(({ standing }) => standing === 'missed')?.worst ?? null,
  };
}

/** What timePassed() says about standings, said in SQL: as recorded at ?1, seen at ?2. */
const visible = `
  select id, recorded_from_us, rank, margin_seconds,
    case when standing = 'on-track' and due_us < ?2 then 'overdue'
         when standing = 'excluded' and waiver_until_us <= ?2 then
           case when due_us is null then 'waiting' when due_us < ?2 then 'overdue' else 'on-track' end
         else standing end as standing_now
  from obligations
  where recorded_from_us <= ?1 and (recorded_to_us is null or recorded_to_us > ?1)`;

const counts = `
  select standing_now as standing, count(*) as n, min(margin_seconds) as worst
  from (${visible}) visible group by standing_now`;

const firstRows = `
  select ranked.standing_now as standing, obligations.json as json
  from (select id, recorded_from_us, standing_now, row_number() over (partition by standing_now order by rank, id) as n
        from (${visible}) visible) ranked
  join obligations on obligations.id = ranked.id and obligations.recorded_from_us = ranked.recorded_from_us
  where ranked.n <= ?3
  order by ranked.n`;
