import { sql, type Kysely } from 'kysely';
import type { BoardRows } from '../../core/promise/board-rows.ts';
import type { Obligation } from '../../core/promise/standing.ts';
import { timePassed } from '../../core/promise/time-passed.ts';
import type { BoardQuery } from '../../factory/deps.ts';
import { boardOrder } from './board-order.ts';
import { toMicroseconds } from './instant-column.ts';
import { obligationFromJson } from './obligation-row.ts';
import type { Tables } from './schema.ts';

/**
 * The board as it was recorded at an instant. The rollup knows only the newest rows, so this counts: one pass over the
 * index obligations_as_of, which holds every column that is asked for.
 */
export async function boardAsOf(
  db: Kysely<Tables>,
  query: BoardQuery & { readonly asOf: Temporal.Instant },
): Promise<BoardRows> {
  const visible = visibleAt(toMicroseconds(query.asOf), toMicroseconds(query.now));
  const counted = await sql<{ readonly standing: string; readonly n: number; readonly worst: number | null }>`
    select standing_now as standing, count(*) as n, min(margin_seconds) as worst
    from (${visible}) visible group by standing_now`.execute(db);
  const order = boardOrder(query.standings);
  const rows = await sql<{ readonly standing: string; readonly json: string }>`
    select ranked.standing_now as standing, obligations.json as json
    from (select id, recorded_from_us, standing_now, row_number() over (partition by standing_now order by rank, id) as n
          from (${visible}) visible) ranked
    join obligations on obligations.id = ranked.id and obligations.recorded_from_us = ranked.recorded_from_us
    where ranked.n <= ${query.limit}
    order by ranked.n`.execute(db);
  const byStanding = Map.groupBy(rows.rows, ({ standing }) => standing);
  const obligations: Obligation[] = order.flatMap((standing) =>
    (byStanding.get(standing) ?? []).map(({ json }) => timePassed(obligationFromJson(json), query.now)),
  );
  return {
    obligations,
    counts: Object.fromEntries(counted.rows.map(({ standing, n }) => [standing, n])),
    worstMarginSeconds: counted.rows.find(({ standing }) => standing === 'missed')?.worst ?? null,
  };
}

/** What timePassed() says about standings, said in SQL. */
function visibleAt(asOf: number, now: number) {
  return sql`
    select id, recorded_from_us, rank, margin_seconds,
      case when standing = 'on-track' and due_us < ${now} then 'overdue'
           when standing = 'excluded' and waiver_until_us <= ${now} then
             case when due_us is null then 'waiting' when due_us < ${now} then 'overdue' else 'on-track' end
           else standing end as standing_now
    from obligations
    where recorded_from_us <= ${asOf} and (recorded_to_us is null or recorded_to_us > ${asOf})`;
}
