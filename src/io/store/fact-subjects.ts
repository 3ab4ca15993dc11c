import { sql, type Kysely } from 'kysely';
import type { Fact } from '../../core/fact.ts';
import { subjectsForm, subjectsOf } from '../../core/ledger/subjects.ts';
import type { Engine } from './engine.ts';
import { factQuestions } from './fact-questions.ts';
import { kyselySql } from './kysely-sql.ts';
import type { Tables } from './schema.ts';

const rowsPerStatement = 500;
const factsPerPart = 2_000;

/** Part of the transaction that appends these facts: no fact is ever without its subjects. */
export async function insertSubjects(db: Kysely<Tables>, facts: readonly Fact[]): Promise<void> {
  const rows = facts.flatMap((fact) => subjectsOf(fact).map((subject) => ({ subject, seq: fact.seq })));
  for (let i = 0; i < rows.length; i += rowsPerStatement) {
    await db
      .insertInto('fact_subjects')
      .values(rows.slice(i, i + rowsPerStatement))
      .execute();
  }
}

/** Indexes the whole ledger anew where that was never done, or by another program's subjects. */
export async function indexSubjects(engine: Engine): Promise<void> {
  if ((await formOf(engine.db)) === subjectsForm) return;
  await engine.transaction('append', async (db) => {
    // Asked again inside the transaction: another process may have done it meanwhile.
    if ((await formOf(db)) !== subjectsForm) await indexAnew(engine, db);
  });
}

/** Inside a transaction that appends. */
export async function indexAnew(engine: Engine, db: Kysely<Tables>): Promise<void> {
  await db.deleteFrom('fact_subjects').execute();
  let part: Fact[] = [];
  for await (const fact of factQuestions(kyselySql(engine, db)).facts()) {
    part.push(fact);
    if (part.length < factsPerPart) continue;
    await insertSubjects(db, part);
    part = [];
  }
  await insertSubjects(db, part);
  await sql`update fact_subjects_form set form = ${subjectsForm}`.execute(db);
}

async function formOf(db: Kysely<Tables>): Promise<number | undefined> {
  return (await db.selectFrom('fact_subjects_form').select('form').executeTakeFirst())?.form;
}
