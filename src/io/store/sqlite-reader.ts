import { DatabaseSync } from 'node:sqlite';
import type { Sql } from './sql.ts';
import { sqliteStatements } from './sqlite-statements.ts';
import { storeFailure } from './store-failure.ts';

export interface SqliteReader extends Sql {
  close(): void;
}

/**
 * A connection that only reads a store whose tables are those of `version`; undefined when there is none, when its
 * tables are others, or when it cannot be read: whoever opens it in full then finds out why.
 */
export async function sqliteReader(path: string, version: number): Promise<SqliteReader | undefined> {
  const database = openFile(path);
  if (database === undefined) return undefined;
  const reader = readerOver(database, path);
  const found = await reader.all<{ at: number | null }>('select max(version) as at from schema_versions').then(
    ([row]) => row?.at,
    () => undefined,
  );
  if (found === version) return reader;
  reader.close();
  return undefined;
}

function openFile(path: string): DatabaseSync | undefined {
  try {
    const database = new DatabaseSync(path, { timeout: 0 });
    try {
      database.exec('pragma query_only = on; pragma cache_size = -32768;');
      return database;
    } catch {
      database.close();
      return undefined;
    }
  } catch {
    return undefined;
  }
}

function readerOver(database: DatabaseSync, path: string): SqliteReader {
  const statements = sqliteStatements(database);
  return {
    async all<Row>(text: string, parameters: readonly unknown[] = []) {
      try {
        const answer = await statements.run<Row>(text, parameters);
        return 'rows' in answer ? answer.rows : [];
      } catch (error) {
        throw storeFailure(path, error);
      }
    },
    close: () => database.close(),
  };
}
