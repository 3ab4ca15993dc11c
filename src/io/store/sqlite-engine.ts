import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { Kysely } from 'kysely';
import { crashPoint } from '../crash-point.ts';
import type { Engine, EngineLock } from './engine.ts';
import { sleep } from './sleep.ts';
import type { Tables } from './schema.ts';
import { sqliteDialect } from './sqlite-dialect.ts';
import { isBusy } from './sqlite-statements.ts';
import { storeFailure } from './store-failure.ts';

/** How long opening waits while another process makes the file. */
const openMilliseconds = 5_000;

/** How often we look for what another process appended: SQLite cannot tell us. */
const pollMilliseconds = 100;

/** Opens or makes the file; any number of processes of one machine may do so. */
export function sqliteEngine(path: string): Engine {
  const database = guarded(path, () => openFile(path));
  const db = new Kysely<Tables>({ dialect: sqliteDialect(database, path) });
  let waiting = Promise.withResolvers<void>();
  let version = dataVersion(database);

  return {
    kind: 'sqlite',
    name: path,
    db,
    async transaction(what, work) {
      const result = await db.transaction().execute(work);
      crashPoint(`store: ${what}`);
      if (what === 'append') {
        waiting.resolve();
        waiting = Promise.withResolvers();
      }
      return result;
    },
    announce: () => Promise.resolve(),
    watchAppends: async () => async (milliseconds, signal) => {
      const here = waiting.promise.then(() => true);
      for (let left = milliseconds; left > 0; left -= pollMilliseconds) {
        if (await Promise.race([here, sleep(Math.min(left, pollMilliseconds), signal)])) return;
        const seen = dataVersion(database);
        if (seen === version) continue;
        version = seen;
        return;
      }
    },
    lockDaemon: () => Promise.resolve(guarded(path, () => lockFile(path))),
    close: () => db.destroy(),
  };
}

function openFile(path: string): DatabaseSync {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  const database = new DatabaseSync(path, { timeout: openMilliseconds, enableForeignKeyConstraints: true });
  // FULL: a commit is on the disk when it returns, also with a write-ahead log (sqlite.org/pragma.html#pragma_synchronous).
  database.exec(`
    pragma journal_mode = wal;
    pragma synchronous = full;
    pragma cache_size = -32768;
    pragma wal_autocheckpoint = 8192;
    pragma journal_size_limit = 67108864;
    pragma busy_timeout = 0;`);
  return database;
}

/** Changes when another connection has committed (sqlite.org/pragma.html#pragma_data_version). */
function dataVersion(database: DatabaseSync): unknown {
  return database.prepare('pragma data_version').get()?.['data_version'];
}

/**
 * A transaction held open on a file beside the store: the operating system frees it when the process dies, however it
 * dies, and a reused process id cannot be taken for the holder.
 */
function lockFile(path: string): EngineLock | undefined {
  const lock = new DatabaseSync(path === ':memory:' ? path : `${path}.daemon`, { timeout: 0 });
  try {
    lock.exec('begin exclusive');
  } catch (error) {
    lock.close();
    if (isBusy(error)) return undefined;
    throw error;
  }
  return {
    lost: new AbortController().signal,
    release: async () => {
      if (lock.isOpen) lock.close();
    },
  };
}

function guarded<T>(path: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw storeFailure(path, error);
  }
}
