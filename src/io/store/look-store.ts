import type { LookStore } from '../../factory/deps.ts';
import type { Engine } from './engine.ts';
import { toMicroseconds } from './instant-column.ts';

export function lookStore(engine: Engine): LookStore {
  return {
    async lastLooked(upstream, form) {
      const row = await engine.db
        .selectFrom('looks')
        .select(['at', 'versions_digest'])
        .where('upstream', '=', upstream)
        .where('form', '=', form)
        .executeTakeFirst();
      return row && { at: Temporal.Instant.from(row.at), versionsDigest: row.versions_digest };
    },
    async recordLook(upstream, form, at, versionsDigest) {
      const look = { at: at.toString(), at_us: toMicroseconds(at), versions_digest: versionsDigest };
      await engine.transaction('look', (db) =>
        db
          .insertInto('looks')
          .values({ upstream, form, ...look })
          .onConflict((conflict) =>
            conflict.columns(['upstream', 'form']).doUpdateSet(look).where('looks.at_us', '<=', look.at_us),
          )
          .execute(),
      );
    },
  };
}
