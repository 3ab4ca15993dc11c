import type { DatabaseSync, SQLInputValue, StatementSync } from 'node:sqlite';
import { setTimeout } from 'node:timers/promises';

/** Statements of one connection, prepared once and run when no other connection is in the way. */
export interface SqliteStatements {
  run<Row>(text: string, parameters: readonly unknown[]): Promise<SqliteAnswer<Row>>;
}

/** Rows of a statement that has columns, else how many rows it changed. */
export type SqliteAnswer<Row> = { readonly rows: Row[] } | { readonly changes: bigint };

const statementsKept = 200;

export function sqliteStatements(database: DatabaseSync): SqliteStatements {
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
    run<Row>(text: string, parameters: readonly unknown[]) {
      const values = parameters as readonly SQLInputValue[];
      return whenFree((): SqliteAnswer<Row> => {
        const { statement, columns } = prepared(text);
        if (columns.length > 0) return { rows: rowsOf<Row>(columns, statement.all(...values)) };
        return { changes: BigInt(statement.run(...values).changes) };
      });
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
