import type { Tables } from './schema.ts';
import type { Sql } from './sql.ts';

type NewestFact = Pick<Tables['facts'], 'seq' | 'hash' | 'recorded_at'>;

/** The end of the chain; undefined before the first fact. */
export async function newestFact(sql: Sql): Promise<NewestFact | undefined> {
  const [row] = await sql.all<NewestFact>('select seq, hash, recorded_at from facts order by seq desc limit 1');
  return row;
}
