import { sql, type Kysely } from 'kysely';
import type { Obligation } from '../../core/promise/standing.ts';
import type { ObligationStore } from '../../factory/deps.ts';
import type { Engine } from './engine.ts';
import { toMicroseconds } from './instant-column.ts';
import { kyselySql } from './kysely-sql.ts';
import { obligationQuestions, projectedTo } from './obligation-questions.ts';
import { rowOf } from './obligation-row.ts';
import type { Tables } from './schema.ts';

/** Rows in one statement, well below the engines' bound on parameters. */
const rowsPerStatement = 200;

/** The obligation projection: every version of every obligation, from when to when it was the newest. */
export function obligationStore(engine: Engine): ObligationStore {
  return {
    ...obligationQuestions(kyselySql(engine)),
    async project(recordedAt, seq, changed, gone) {
      const rows = changed.map((obligation) => rowOf(obligation, recordedAt));
      await engine.transaction('project', async (db) => {
        // Whoever is behind says nothing new: a process further on has already projected these facts too.
        if (seq < (await projectedTo(kyselySql(engine, db)))) return;
        await replace(db, toMicroseconds(recordedAt), { rows, gone });
        await insertAliases(db, changed);
        await db.updateTable('projection').set({ seq }).execute();
      });
    },
    clear: () => engine.transaction('project', clear),
  };
}

async function clear(db: Kysely<Tables>): Promise<void> {
  await db.deleteFrom('obligations').execute();
  await db.deleteFrom('obligation_aliases').execute();
  await db.deleteFrom('obligation_counts').execute();
  await db.updateTable('projection').set({ seq: 0 }).execute();
}

/** Closes what was the newest, inserts what is; equal rows stay, so history holds changes only. */
async function replace(
  db: Kysely<Tables>,
  at: number,
  { rows, gone }: { readonly rows: readonly Tables['obligations'][]; readonly gone: readonly string[] },
): Promise<void> {
  const wanted = new Map(rows.map((row) => [row.id, row]));
  const counts = new Map<string, number>();
  const count = (standing: string, by: number) => counts.set(standing, (counts.get(standing) ?? 0) + by);
  for (const ids of parts([...new Set([...wanted.keys(), ...gone])])) {
    const stale: string[] = [];
    for (const newest of await newestOf(db, ids)) {
      if (newest.json === wanted.get(newest.id)?.json) {
        wanted.delete(newest.id);
        continue;
      }
      stale.push(newest.id);
      count(newest.standing, -1);
    }
    if (stale.length > 0) await close(db, at, stale);
  }
  for (const part of parts([...wanted.values()])) {
    for (const row of part) count(row.standing, 1);
    await db.insertInto('obligations').values(part).execute();
  }
  await addCounts(db, counts);
}

async function newestOf(db: Kysely<Tables>, ids: readonly string[]) {
  return db
    .selectFrom('obligations')
    .select(['id', 'standing', 'json'])
    .where('id', 'in', ids)
    .where('recorded_to_us', 'is', null)
    .execute();
}

async function close(db: Kysely<Tables>, at: number, ids: readonly string[]): Promise<void> {
  // A row of this very instant was never visible to an as-of question: it is replaced.
  await db
    .deleteFrom('obligations')
    .where('id', 'in', ids)
    .where('recorded_to_us', 'is', null)
    .where('recorded_from_us', '>=', at)
    .execute();
  await db
    .updateTable('obligations')
    .set({ recorded_to_us: at })
    .where('id', 'in', ids)
    .where('recorded_to_us', 'is', null)
    .execute();
}

async function addCounts(db: Kysely<Tables>, counts: ReadonlyMap<string, number>): Promise<void> {
  const values = [...counts].filter(([, n]) => n !== 0).map(([standing, n]) => ({ standing, n }));
  if (values.length === 0) return;
  await db
    .insertInto('obligation_counts')
    .values(values)
    .onConflict((conflict) => conflict.column('standing').doUpdateSet({ n: sql`obligation_counts.n + excluded.n` }))
    .execute();
}

async function insertAliases(db: Kysely<Tables>, changed: readonly Obligation[]): Promise<void> {
  const values = changed.flatMap(({ id, aliases }) => aliases.map((alias) => ({ alias, id })));
  for (const part of parts(values)) {
    await db
      .insertInto('obligation_aliases')
      .values(part)
      .onConflict((conflict) => conflict.columns(['alias', 'id']).doNothing())
      .execute();
  }
}

function* parts<T>(all: readonly T[]): Generator<readonly T[]> {
  for (let i = 0; i < all.length; i += rowsPerStatement) yield all.slice(i, i + rowsPerStatement);
}
