import { sql } from 'kysely';
import type { WithheldStore } from '../../factory/deps.ts';
import type { Engine } from './engine.ts';

/** Payloads that are sealed, and the end of those that are erased. */
export function withheldStore(engine: Engine): WithheldStore {
  return {
    async sealed() {
      const rows = await engine.db
        .selectFrom('sealed_payloads')
        .select(['seq', 'until', 'box'])
        .orderBy('seq')
        .execute();
      return rows.map(({ seq, until, box }) => ({ seq, until: Temporal.Instant.from(until), box }));
    },
    reveal: (seq, payloadText) =>
      engine.transaction('withheld', async (db) => {
        await db.updateTable('sealed_payloads').set({ box: null, json: payloadText }).where('seq', '=', seq).execute();
      }),
    async erase(seq) {
      // Deleted rows stay readable in SQLite's free pages and log unless it is told otherwise (pragma secure_delete).
      if (engine.kind === 'sqlite') await sql.raw('pragma secure_delete = on').execute(engine.db);
      await engine.transaction('withheld', async (db) => {
        await db.deleteFrom('payloads').where('seq', '=', seq).execute();
        await db.deleteFrom('sealed_payloads').where('seq', '=', seq).execute();
        await db.deleteFrom('fact_subjects').where('seq', '=', seq).execute();
      });
      const settle = engine.kind === 'sqlite' ? 'pragma wal_checkpoint(truncate)' : 'vacuum payloads';
      await sql.raw(settle).execute(engine.db);
    },
  };
}
