import type { OperationEntry, OperationsLog } from '../../factory/deps.ts';
import type { Engine } from './engine.ts';

/** Entries kept by default; people look at what happened lately, and the ledger holds what matters for ever. */
const defaultKept = 100_000;

export function operationsLog(engine: Engine, kept = defaultKept): OperationsLog {
  return {
    async append(entry) {
      const { at, step, message, level, run } = entry;
      const ran = { kind: run?.kind ?? null, target: run?.target ?? null, seconds: run?.seconds ?? null };
      await engine.transaction('log', async (db) => {
        const { id } = await db
          .insertInto('operations')
          .values({ at: at.toString(), step, message, level, ...ran })
          .returning('id')
          .executeTakeFirstOrThrow();
        await db
          .deleteFrom('operations')
          .where('id', '<=', id - kept)
          .execute();
      });
    },
    async list(limit) {
      const rows = await engine.db
        .selectFrom('operations')
        .select(['at', 'step', 'message', 'level'])
        .orderBy('id', 'desc')
        .limit(limit)
        .execute();
      return rows.map((row) => ({
        at: Temporal.Instant.from(row.at),
        step: row.step,
        message: row.message,
        level: row.level as OperationEntry['level'],
      }));
    },
  };
}
