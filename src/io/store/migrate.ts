import { sql, type Kysely } from 'kysely';
import { Failure } from '../../core/failure.ts';
import type { Engine } from './engine.ts';
import { migrations } from './migrations.ts';
import type { Tables } from './schema.ts';

/** Brings the tables up to what this program knows: forward only, each migration in a transaction of its own. */
export async function migrate(engine: Engine, now: Temporal.Instant): Promise<void> {
  await engine.transaction('migrate', (db) =>
    sql`create table if not exists schema_versions (version integer primary key, name text not null, applied_at text not null)`.execute(
      db,
    ),
  );
  for (const [index, migration] of migrations.entries()) {
    await engine.transaction('migrate', async (db) => {
      // Asked inside the transaction: another process may have migrated meanwhile.
      const at = await versionOf(db);
      if (at > migrations.length) throw tooNew(engine.name, at);
      if (at > index) return;
      for (const statement of migration.statements(engine.kind)) await sql.raw(statement).execute(db);
      await db
        .insertInto('schema_versions')
        .values({ version: index + 1, name: migration.name, applied_at: now.toString() })
        .execute();
    });
  }
}

async function versionOf(db: Kysely<Tables>): Promise<number> {
  const row = await db
    .selectFrom('schema_versions')
    .select('version')
    .orderBy('version', 'desc')
    .limit(1)
    .executeTakeFirst();
  return row?.version ?? 0;
}

function tooNew(name: string, version: number): Failure {
  return new Failure('E0803', `The store ${name} was made by a newer Suture`, {
    why: `its tables are version ${version}, this program knows up to ${migrations.length}`,
    kept: 'the store was not touched',
    hint: 'run the newer program',
  });
}
