import type { DatabaseSync, SQLInputValue, StatementSync } from 'node:sqlite';
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
  const statements = new Map<string, { readonly statement: StatementSync; readonly hasRows: boolean }>();

  const prepared = (text: string) => {
    const known = statements.get(text);
    if (known !== undefined) return known;
    if (statements.size >= statementsKept) statements.clear();
    const statement = database.prepare(text);
    const entry = { statement, hasRows: statement.columns().length > 0 };
    statements.set(text, entry);
    return entry;
  };

  return {
    async executeQuery<R>({ sql, parameters }: CompiledQuery): Promise<QueryResult<R>> {
      const { statement, hasRows } = prepared(sql);
      const values = parameters as readonly SQLInputValue[];
      if (hasRows) return { rows: statement.all(...values) as R[] };
      return { rows: [], numAffectedRows: BigInt(statement.run(...values).changes) };
    },
    streamQuery() {
      throw new TypeError('rows are read in pages, so that nothing holds the connection while others wait');
    },
  };
}
