import type { PulseStore } from '../../factory/deps.ts';
import type { Engine } from './engine.ts';

/** One row that is written over: the last sign of life. */
export function pulseStore(engine: Engine): PulseStore {
  return {
    async note({ at, ...rest }) {
      const row = { at: at.toString(), json: JSON.stringify(rest) };
      await engine.transaction('pulse', (db) =>
        db
          .insertInto('pulse')
          .values({ one: 1, ...row })
          .onConflict((conflict) => conflict.column('one').doUpdateSet(row))
          .execute(),
      );
    },
    async beat(at) {
      await engine.transaction('pulse', (db) => db.updateTable('pulse').set({ at: at.toString() }).execute());
    },
  };
}
