import type { DatabaseConnection, Driver } from 'kysely';
import { storeFailure } from './store-failure.ts';

/** Any driver, with errors of the outside world turned into failures that name the store. */
export function withFailures(driver: Driver, name: string): Driver {
  const wrapped = new WeakMap<DatabaseConnection, DatabaseConnection>();
  const inner = new WeakMap<DatabaseConnection, DatabaseConnection>();
  const original = (connection: DatabaseConnection) => inner.get(connection) ?? connection;

  const wrap = (connection: DatabaseConnection): DatabaseConnection => {
    const known = wrapped.get(connection);
    if (known !== undefined) return known;
    const outer: DatabaseConnection = {
      executeQuery: (query) => named(name, () => connection.executeQuery(query)),
      streamQuery: (query, chunkSize) => connection.streamQuery(query, chunkSize),
    };
    wrapped.set(connection, outer);
    inner.set(outer, connection);
    return outer;
  };

  return {
    init: () => named(name, () => driver.init()),
    acquireConnection: async () => wrap(await named(name, () => driver.acquireConnection())),
    beginTransaction: (connection, settings) =>
      named(name, () => driver.beginTransaction(original(connection), settings)),
    commitTransaction: (connection) => named(name, () => driver.commitTransaction(original(connection))),
    rollbackTransaction: (connection) => named(name, () => driver.rollbackTransaction(original(connection))),
    releaseConnection: (connection) => driver.releaseConnection(original(connection)),
    destroy: () => driver.destroy(),
  };
}

async function named<T>(name: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw storeFailure(name, error);
  }
}
