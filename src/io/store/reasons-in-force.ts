import type { NotedReason, ReasonStore } from '../../factory/deps.ts';
import { toMicroseconds } from './instant-column.ts';
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
