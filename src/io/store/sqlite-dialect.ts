import type { DatabaseSync } from 'node:sqlite';
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
import { sqliteStatements } from './sqlite-statements.ts';

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

function sqliteConnection(database: DatabaseSync): DatabaseConnection {
  const statements = sqliteStatements(database);
  return {
    async executeQuery<R>({ sql, parameters }: CompiledQuery): Promise<QueryResult<R>> {
      const answer = await statements.run<R>(sql, parameters);
      return 'rows' in answer ? answer : { rows: [], numAffectedRows: answer.changes };
    },
    streamQuery() {
      throw new TypeError('rows are read in pages, so that nothing holds the connection while others wait');
    },
  };
}
