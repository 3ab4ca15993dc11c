import type { NotedReason, ReasonStore } from '../../factory/deps.ts';
import type { Engine } from './engine.ts';
import { toMicroseconds } from './instant-column.ts';

/** Why open obligations stood where they stood, by when that began: outside the chain, for people. */
export function reasonStore(engine: Engine): ReasonStore {
  return {
    async note(at, reasons) {
      if (reasons.length === 0) return;
      const rows = reasons.map(({ subject, who, text }) => ({
        obligation: subject.id,
        from_us: toMicroseconds(at),
        who,
        text,
      }));
      await engine.transaction('reasons', async (db) => {
        for (let first = 0; first < rows.length; first += ROWS_AT_ONCE) {
          await db
            .insertInto('reasons')
            .values(rows.slice(first, first + ROWS_AT_ONCE))
            .onConflict((conflict) =>
              conflict
                .columns(['obligation', 'from_us'])
                .doUpdateSet((set) => ({ who: set.ref('excluded.who'), text: set.ref('excluded.text') })),
            )
            .execute();
        }
      });
    },
    async inForce(wanted) {
      const found = new Map<string, NotedReason>();
      for (const { obligation, at } of wanted) {
        const row = await engine.db
          .selectFrom('reasons')
          .select(['who', 'text'])
          .where('obligation', '=', obligation)
          .where('from_us', '<=', toMicroseconds(at))
          .orderBy('from_us', 'desc')
          .limit(1)
          .executeTakeFirst();
        if (row !== undefined) found.set(obligation, { who: row.who as NotedReason['who'], text: row.text });
      }
      return found;
    },
  };
}

const ROWS_AT_ONCE = 500;
