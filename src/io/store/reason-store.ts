import type { ReasonStore } from '../../factory/deps.ts';
import type { Engine } from './engine.ts';
import { toMicroseconds } from './instant-column.ts';
import { kyselySql } from './kysely-sql.ts';
import { reasonHistory, reasonsInForce } from './reasons-in-force.ts';

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
    inForce: reasonsInForce(kyselySql(engine)),
    history: reasonHistory(kyselySql(engine)),
  };
}

const ROWS_AT_ONCE = 500;
