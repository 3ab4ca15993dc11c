import type { Kysely } from 'kysely';
import type { BoardRows } from '../../core/promise/board-rows.ts';
import type { Obligation, Standing } from '../../core/promise/standing.ts';
import { timePassed } from '../../core/promise/time-passed.ts';
import type { BoardQuery } from '../../factory/deps.ts';
import { boardAsOf } from './board-as-of.ts';
import { boardOrder } from './board-order.ts';
import { toMicroseconds } from './instant-column.ts';
import { obligationFromJson, rankOf } from './obligation-row.ts';
import type { Tables } from './schema.ts';

/**
 * The board in milliseconds over millions of rows: counts come from the rollup, rows from the ends of an index. What
 * time alone has changed since the projection (deadlines passed, waivers expired) is found by two small index ranges.
 */
export async function board(db: Kysely<Tables>, query: BoardQuery): Promise<BoardRows> {
  if (query.asOf !== null) return boardAsOf(db, { ...query, asOf: query.asOf });
  const now = toMicroseconds(query.now);
  const expired = await expiredWaivers(db, query.now);
  const obligations: Obligation[] = [];
  for (const standing of boardOrder(query.standings)) {
    const stored = (await newestRows(db, { standing, now, limit: query.limit })).map(obligationFromJson);
    const moved = expired.filter((obligation) => obligation.standing === standing);
    const rows = [...stored.map((obligation) => timePassed(obligation, query.now)), ...moved];
    obligations.push(...rows.sort((a, b) => rankOf(a) - rankOf(b)).slice(0, query.limit));
  }
  return {
    obligations,
    counts: await countsAt(db, now, expired),
    worstMarginSeconds: await worstMarginOf(db),
  };
}

/** Index obligations_board: the newest rows by standing, then rank; the rank of what is on track is its deadline. */
async function newestRows(
  db: Kysely<Tables>,
  { standing, now, limit }: { readonly standing: Standing; readonly now: number; readonly limit: number },
): Promise<readonly string[]> {
  const newest = db
    .selectFrom('obligations')
    .select('json')
    .where('recorded_to_us', 'is', null)
    .orderBy('rank')
    .orderBy('id')
    .limit(limit);
  const stored = newest.where('standing', '=', standing);
  if (standing === 'on-track') return jsonOf(await stored.where('rank', '>=', now).execute());
  if (standing === 'excluded') {
    const inForce = stored.where((or) => or.or([or('waiver_until_us', '>', now), or('waiver_until_us', 'is', null)]));
    return jsonOf(await inForce.execute());
  }
  const rows = jsonOf(await stored.execute());
  if (standing !== 'overdue') return rows;
  const passed = newest.where('standing', '=', 'on-track').where('rank', '<', now);
  return [...rows, ...jsonOf(await passed.execute())];
}

function jsonOf(rows: readonly { readonly json: string }[]): readonly string[] {
  return rows.map(({ json }) => json);
}

/** Index obligations_waivers: as they stand now that their waiver is over. */
async function expiredWaivers(db: Kysely<Tables>, now: Temporal.Instant): Promise<readonly Obligation[]> {
  const rows = await db
    .selectFrom('obligations')
    .select('json')
    .where('recorded_to_us', 'is', null)
    .where('standing', '=', 'excluded')
    .where('waiver_until_us', 'is not', null)
    .where('waiver_until_us', '<=', toMicroseconds(now))
    .execute();
  return jsonOf(rows).map((json) => timePassed(obligationFromJson(json), now));
}

async function countsAt(
  db: Kysely<Tables>,
  now: number,
  expired: readonly Obligation[],
): Promise<Readonly<Record<string, number>>> {
  const counts = new Map<string, number>();
  const add = (standing: string, n: number) => counts.set(standing, (counts.get(standing) ?? 0) + n);
  for (const { standing, n } of await db.selectFrom('obligation_counts').selectAll().execute()) add(standing, n);
  const { passed } = await db
    .selectFrom('obligations')
    .select((select) => select.fn.countAll<number>().as('passed'))
    .where('recorded_to_us', 'is', null)
    .where('standing', '=', 'on-track')
    .where('rank', '<', now)
    .executeTakeFirstOrThrow();
  add('on-track', -passed);
  add('overdue', passed);
  for (const { standing } of expired) {
    add('excluded', -1);
    add(standing, 1);
  }
  return Object.fromEntries([...counts].filter(([, n]) => n !== 0));
}

/** Index obligations_margin. */
async function worstMarginOf(db: Kysely<Tables>): Promise<number | null> {
  const row = await db
    .selectFrom('obligations')
    .select('margin_seconds')
    .where('recorded_to_us', 'is', null)
    .where('standing', '=', 'missed')
    .where('margin_seconds', 'is not', null)
    .orderBy('margin_seconds')
    .limit(1)
    .executeTakeFirst();
  return row?.margin_seconds ?? null;
}
