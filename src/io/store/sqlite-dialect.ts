import type { DatabaseSync, SQLInputValue, StatementSync } from 'node:sqlite';
import { setTimeout } from 'node:timers/promises';
import {
  CompiledQuery,
  type DatabaseConnection,
  type Dialect,
  type Driver,
  type QueryResult,
  SqliteAdapter,
  SqliteIntrospector,
  SqliteQueryCompiler,
} from 'kysely';
import { withFailures } from './failing-driver.ts';

/** kysely over node:sqlite. One connection, which kysely lends to one query or transaction at a time. */
export function sqliteDialect(database: DatabaseSync, name: string): Dialect {
  return {
    createAdapter: () => new SqliteAdapter(),
    createDriver: () => withFailures(sqliteDriver(database), name),
    createIntrospector: (db) => new SqliteIntrospector(db),
    createQueryCompiler: () => new SqliteQueryCompiler(),
  };
}

function sqliteDriver(database: DatabaseSync): Driver {
  const connection = sqliteConnection(database);
  const run = async (command: string) => {
    await connection.executeQuery(CompiledQuery.raw(command));
  };
  return {
    init: () => Promise.resolve(),
    acquireConnection: () => Promise.resolve(connection),
    // Immediate: a transaction that writes takes the lock before it reads, so what it read stays true until it commits.
    beginTransaction: () => run('begin immediate'),
    commitTransaction: () => run('commit'),
    // Some errors (a full disk) have rolled back already: sqlite.org/lang_transaction.html, section 3.
    rollbackTransaction: () => (database.isTransaction ? run('rollback') : Promise.resolve()),
    releaseConnection: () => Promise.resolve(),
    destroy: async () => database.close(),
  };
}

const statementsKept = 200;

function sqliteConnection(database: DatabaseSync): DatabaseConnection {
  const statements = new Map<string, { readonly statement: StatementSync; readonly columns: readonly string[] }>();

  const prepared = (text: string) => {
    const known = statements.get(text);
    if (known !== undefined) return known;
    if (statements.size >= statementsKept) statements.clear();
    const statement = database.prepare(text);
    statement.setReturnArrays(true);
    const entry = { statement, columns: statement.columns().map(({ name }) => name) };
    statements.set(text, entry);
    return entry;
  };

  return {
    executeQuery<R>({ sql, parameters }: CompiledQuery): Promise<QueryResult<R>> {
      const values = parameters as readonly SQLInputValue[];
      return whenFree(() => {
        const { statement, columns } = prepared(sql);
        if (columns.length > 0) return { rows: rowsOf<R>(columns, statement.all(...values)) };
        return { rows: [], numAffectedRows: BigInt(statement.run(...values).changes) };
      });
    },
    streamQuery() {
      throw new TypeError('rows are read in pages, so that nothing holds the connection while others wait');
    },
  };
}

/**
 * Objects of one shape from rows as arrays. node:sqlite's own objects have no prototype, and reading their members is
 * so slow that a million facts took twice as long.
 */
function rowsOf<R>(columns: readonly string[], rows: unknown): R[] {
  return (rows as readonly (readonly unknown[])[]).map((values) => {
    const row: Record<string, unknown> = {};
    for (let i = 0; i < columns.length; i += 1) row[columns[i] ?? ''] = values[i];
    return row as R;
  });
}

/** How long a writer waits for other writers. */
const patienceMilliseconds = 15_000;
const pauseMillisecondsMax = 10;

/**
 * Tries again while another connection writes. SQLite's own waiting stops the whole thread, and the writer that it
 * waits for may be one of this very thread.
 */
async function whenFree<T>(work: () => T): Promise<T> {
  for (const end = performance.now() + patienceMilliseconds; ; ) {
    try {
      return work();
    } catch (error) {
      if (!isBusy(error) || performance.now() > end) throw error;
      // By chance, so that those who wait do not all come back at once.
      await setTimeout(1 + Math.random() * pauseMillisecondsMax);
    }
  }
}

/** SQLITE_BUSY in the primary result code: sqlite.org/rescode.html#busy */
export function isBusy(error: unknown): boolean {
  const code = error instanceof Error ? (error as { readonly errcode?: unknown }).errcode : undefined;
  return typeof code === 'number' && (code & 0xff) === 5;
}
