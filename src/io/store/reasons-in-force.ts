import type { NotedReason, ReasonStore } from '../../factory/deps.ts';
import { fromMicroseconds, toMicroseconds } from './instant-column.ts';
import type { Sql } from './sql.ts';

/** Asks why obligations stood where they stood at an instant. */
export function reasonsInForce(sql: Sql): ReasonStore['inForce'] {
  return async (wanted) => {
    const found = new Map<string, NotedReason>();
    for (const { obligation, at } of wanted) {
      const [row] = await sql.all<NotedReason>(
        'select who, text from reasons where obligation = ?1 and from_us <= ?2 order by from_us desc limit 1',
        [obligation, toMicroseconds(at)],
      );
      if (row !== undefined) found.set(obligation, row);
    }
    return found;
  };
}

/** All that was noted about an obligation. */
export function reasonHistory(sql: Sql): ReasonStore['history'] {
  return async (obligation) => {
    const text = 'select from_us, who, text from reasons where obligation = ?1 order by from_us';
    const rows = await sql.all<NotedReason & { from_us: number }>(text, [obligation]);
    return rows.map(({ from_us: from, who, text: words }) => ({ from: fromMicroseconds(from), who, text: words }));
  };
}
