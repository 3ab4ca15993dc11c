import { Kysely, PostgresAdapter, PostgresDialect, PostgresIntrospector, PostgresQueryCompiler, sql } from 'kysely';
import pg from 'pg';
import { crashPoint } from '../crash-point.ts';
import type { Engine, EngineLock, Write } from './engine.ts';
import { withFailures } from './failing-driver.ts';
import type { Tables } from './schema.ts';
import { sleep } from './sleep.ts';
import { storeFailure } from './store-failure.ts';

const connectMilliseconds = 10_000;
const poolSize = 8;
const channel = 'suture_facts';

/** Connects lazily; any number of processes of any number of machines may do so. */
export function postgresEngine(url: string): Engine {
  const name = nameOf(url);
  const settings = { connectionString: url, types: numbersForBigints, connectionTimeoutMillis: connectMilliseconds };
  const pool = new pg.Pool({ ...settings, max: poolSize });
  // A broken connection fails its query and is replaced on the next use; without listeners it would end the process.
  pool.on('error', () => undefined);
  pool.on('connect', (client) => client.on('error', () => undefined));
  const db = new Kysely<Tables>({ dialect: postgresDialect(pool, name) });
  let listener: Promise<Listener> | undefined;

  return {
    kind: 'postgres',
    name,
    db,
    async transaction(what, work) {
      const result = await db.transaction().execute(async (transaction) => {
        const lock = advisoryLocks[what];
        if (lock !== null) await sql`select pg_advisory_xact_lock(${namespace}, ${lock})`.execute(transaction);
        return work(transaction);
      });
      crashPoint(`store: ${what}`);
      return result;
    },
    async announce(transaction, seq) {
      await sql`select pg_notify(${channel}, ${String(seq)})`.execute(transaction);
    },
    async watchAppends() {
      listener ??= listen(settings, () => (listener = undefined));
      const { next } = await listener.catch((error: unknown) => {
        listener = undefined;
        throw storeFailure(name, error);
      });
      return async (milliseconds, signal) => {
        await Promise.race([next(), sleep(milliseconds, signal)]);
      };
    },
    lockDaemon: () => lockDaemon(settings, name),
    async close() {
      await listener?.then(
        ({ close }) => close(),
        () => undefined,
      );
      await db.destroy();
    },
  };
}

/** Host and database: an address may hold a password, so it is never shown whole. */
function nameOf(url: string): string {
  if (!URL.canParse(url)) return 'postgres';
  const { host, pathname, searchParams } = new URL(url);
  return `postgres://${host || (searchParams.get('host') ?? '')}${pathname}`;
}

/** Our bigints are microseconds and counts: exact as JavaScript numbers. 20 is int8 in pg_type. */
const numbersForBigints = {
  getTypeParser: (oid: number, format?: 'text' | 'binary'): unknown =>
    oid === 20 && format !== 'binary' ? Number : pg.types.getTypeParser(oid, format),
} as pg.CustomTypesConfig;

function postgresDialect(pool: pg.Pool, name: string) {
  const inner = new PostgresDialect({ pool });
  return {
    createAdapter: () => new PostgresAdapter(),
    createDriver: () => withFailures(inner.createDriver(), name),
    createIntrospector: (db: Kysely<unknown>) => new PostgresIntrospector(db),
    createQueryCompiler: () => new PostgresQueryCompiler(),
  };
}

/** Keeps our advisory locks apart from those of others in the same database ("sutu" in ASCII). */
const namespace = 0x73757475;

/**
 * What runs one after the other. Steps do not, they lock their rows; outcomes do, so that who has seen one of them has
 * seen all that are numbered before it.
 */
const advisoryLocks: Readonly<Record<Write, number | null>> = {
  migrate: 1,
  append: 2,
  project: 3,
  outcome: 5,
  daemon: null,
  step: null,
  log: null,
  look: null,
  reasons: null,
  withheld: null,
  pulse: null,
};

const daemonLock = 4;

interface Listener {
  readonly next: () => Promise<void>;
  readonly close: () => Promise<void>;
}

async function listen(settings: pg.ClientConfig, ended: () => void): Promise<Listener> {
  const client = new pg.Client(settings);
  let waiting = Promise.withResolvers<void>();
  const wake = () => {
    waiting.resolve();
    waiting = Promise.withResolvers();
  };
  client.on('notification', wake);
  client.on('error', () => undefined);
  client.on('end', () => {
    ended();
    wake();
  });
  await client.connect();
  await client.query(`listen ${channel}`);
  return { next: () => waiting.promise, close: () => client.end() };
}

/** A session lock on a connection of its own: the server frees it when that connection ends. */
async function lockDaemon(settings: pg.ClientConfig, name: string): Promise<EngineLock | undefined> {
  const client = new pg.Client({ ...settings, keepAlive: true });
  const lost = new AbortController();
  client.on('error', () => undefined);
  try {
    await client.connect();
    const query = 'select pg_try_advisory_lock($1, $2) as held';
    const answer = await client.query<{ held: boolean }>(query, [namespace, daemonLock]);
    if (answer.rows[0]?.held !== true) {
      await client.end();
      return undefined;
    }
  } catch (error) {
    await client.end().catch(() => undefined);
    throw storeFailure(name, error);
  }
  const onEnd = () => lost.abort(storeFailure(name, new Error('Connection terminated')));
  client.on('end', onEnd);
  return {
    lost: lost.signal,
    release: async () => {
      client.off('end', onEnd);
      await client.end();
    },
  };
}
