import type { ChainEntry } from '../../core/ledger/envelope.ts';
import type { Fact } from '../../core/fact.ts';
import type { ClockDeps, FactStore, ReasonStore } from '../../factory/deps.ts';
import type { FactQuestions } from './fact-questions.ts';
import { isPostgres } from './is-postgres.ts';
import { livenessQuestions, type LivenessQuestions } from './liveness-questions.ts';
import { migrations } from './migrations.ts';
import { newestFact } from './newest-fact.ts';
import { obligationQuestions, type ObligationQuestions } from './obligation-questions.ts';
import { reasonHistory, reasonsInForce } from './reasons-in-force.ts';
import type { Sql } from './sql.ts';
import { sqliteReader } from './sqlite-reader.ts';

/** What is asked of a store by whoever changes nothing in it. */
export interface StoreReader extends Omit<ObligationQuestions, 'projectedTo'>, LivenessQuestions {
  readonly facts: FactQuestions['facts'];
  readonly factsAbout: FactStore['factsAbout'];
  readonly newestOfEach: FactStore['newestOfEach'];
  /** One fact by its id; undefined too where its payload is sealed or erased. */
  fact(id: string): Promise<Fact | undefined>;
  readonly head: FactQuestions['head'];
  readonly chain: (after?: number, recordedUntil?: Temporal.Instant) => AsyncIterable<readonly ChainEntry[]>;
  /** Until when facts are sealed, by place; those that are open by now are not among them. */
  sealedUntil(): Promise<ReadonlyMap<number, string>>;
  readonly reasons: ReasonStore['inForce'];
  readonly reasonHistory: ReasonStore['history'];
  /** When the newest fact was recorded; null before the first. */
  dataAsOf(): Promise<Temporal.Instant | null>;
  close(): Promise<void>;
}

/**
 * Opens a store to read from it, in a moment when it is a SQLite file with the tables of today. Any other is opened as
 * for writing, so that its tables are brought up to date. Throws a `Failure` E0803 when it cannot be used.
 */
export async function openReader(options: { readonly url: string; readonly clock: ClockDeps }): Promise<StoreReader> {
  const reader = isPostgres(options.url) ? undefined : await sqliteReader(options.url, migrations.length);
  if (reader !== undefined) return readerOver(reader, async () => reader.close());
  const [{ openEngine }, { kyselySql }] = await Promise.all([import('./open-engine.ts'), import('./kysely-sql.ts')]);
  const engine = await openEngine(options);
  return readerOver(kyselySql(engine), () => engine.close());
}

function readerOver(sql: Sql, close: () => Promise<void>): StoreReader {
  const { board, obligations } = obligationQuestions(sql);
  // The board needs no fact whole: what reads them, and their hashes, is loaded when it is asked for.
  const chain = async () => await import('./fact-questions.ts');
  const subjects = async () => await import('./subject-questions.ts');
  return {
    board,
    obligations,
    reasons: reasonsInForce(sql),
    reasonHistory: reasonHistory(sql),
    ...livenessQuestions(sql),
    async *facts(after, recordedUntil) {
      yield* (await chain()).factQuestions(sql).facts(after, recordedUntil);
    },
    async *factsAbout(wanted, recordedUntil) {
      yield* (await subjects()).subjectQuestions(sql).factsAbout(wanted, recordedUntil);
    },
    newestOfEach: async (start, recordedUntil) =>
      (await subjects()).subjectQuestions(sql).newestOfEach(start, recordedUntil),
    fact: async (id) => (await chain()).factById(sql, id),
    head: async () => (await chain()).factQuestions(sql).head(),
    async *chain(after = 0, recordedUntil) {
      yield* (await chain()).chainPages(sql, after, recordedUntil);
    },
    async sealedUntil() {
      const text = 'select seq, until from sealed_payloads where box is not null or json is null';
      const rows = await sql.all<{ seq: number; until: string }>(text);
      return new Map(rows.map(({ seq, until }) => [seq, until]));
    },
    async dataAsOf() {
      const newest = await newestFact(sql);
      return newest === undefined ? null : Temporal.Instant.from(newest.recorded_at);
    },
    close,
  };
}
