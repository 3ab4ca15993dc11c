import { sql, type Kysely } from 'kysely';
import type { Obligation } from '../../core/promise/standing.ts';
import type { ObligationStore } from '../../factory/deps.ts';
import type { Engine } from './engine.ts';
import { toMicroseconds } from './instant-column.ts';
import { kyselySql } from './kysely-sql.ts';
import { obligationQuestions, projectedTo } from './obligation-questions.ts';
import { rowOf } from './obligation-row.ts';
import type { Tables } from './schema.ts';

/** Rows in one statement at most, well below the engines' bound on parameters. */
const rowsMax = 128;

/** The obligation projection: every version of every obligation, from when to when it was the newest. */
export function obligationStore(engine: Engine): ObligationStore {
  return {
    ...obligationQuestions(kyselySql(engine)),
    async project(recordedAt, seq, changed, gone) {
      await engine.transaction('project', async (db) => {
        // Whoever is behind says nothing new: a process further on has already projected these facts too.
        if (seq < (await projectedTo(kyselySql(engine, db)))) return;
        const replacing = new Replacing(db, toMicroseconds(recordedAt));
        for (const ids of parts(gone)) await replacing.close(ids);
        // Rows are made as they are written: all at once they would take more memory than the obligations do.
        for (const part of parts(changed)) {
          await replacing.replace(part.map((obligation) => rowOf(obligation, recordedAt)));
          await insertAliases(db, part);
        }
        await addCounts(db, replacing.counts);
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
class Replacing {
  /** By how many the newest rows of each standing become more. */
  readonly counts = new Map<string, number>();
  readonly #db: Kysely<Tables>;
  readonly #at: number;

  constructor(db: Kysely<Tables>, at: number) {
    this.#db = db;
    this.#at = at;
  }

  async replace(rows: readonly Tables['obligations'][]): Promise<void> {
    const newest = new Map((await newestOf(this.#db, idsOf(rows))).map((row) => [row.id, row]));
    const wanted = rows.filter(({ id, json }) => newest.get(id)?.json !== json);
    await this.#close(wanted.flatMap(({ id }) => newest.get(id) ?? []));
    for (const part of parts(wanted)) await this.#db.insertInto('obligations').values(part).execute();
    for (const { standing } of wanted) this.#count(standing, 1);
  }

  async close(ids: readonly string[]): Promise<void> {
    await this.#close(await newestOf(this.#db, ids));
  }

  async #close(stale: readonly Newest[]): Promise<void> {
    for (const part of parts(stale)) await close(this.#db, this.#at, idsOf(part));
    for (const { standing } of stale) this.#count(standing, -1);
  }

  #count(standing: string, by: number): void {
    this.counts.set(standing, (this.counts.get(standing) ?? 0) + by);
  }
}

type Newest = Pick<Tables['obligations'], 'id' | 'standing' | 'json'>;

async function newestOf(db: Kysely<Tables>, ids: readonly string[]): Promise<readonly Newest[]> {
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

function idsOf(rows: readonly Pick<Newest, 'id'>[]): readonly string[] {
  return rows.map(({ id }) => id);
}

/** Of a few sizes only: a prepared statement for each number of rows would keep tens of megabytes. */
function* parts<T>(all: readonly T[]): Generator<readonly T[]> {
  let at = 0;
  for (let size = rowsMax; size >= 1; size /= 2) {
    for (; at + size <= all.length; at += size) yield all.slice(at, at + size);
  }
}
