import type { Kysely } from 'kysely';
import type { Tables } from './schema.ts';

/** What a database must offer beyond queries; everything else is the same code for both. */
export interface Engine {
  readonly kind: 'sqlite' | 'postgres';
  /** How people know it, without secrets: a path, or host and database. */
  readonly name: string;
  readonly db: Kysely<Tables>;
  /**
   * One writing transaction, durable when it returns. Those with the same `what` run one after the other, across
   * processes too; in SQLite all of them do. Only the `db` given to `work` may be used inside.
   */
  transaction<T>(what: Write, work: (db: Kysely<Tables>) => Promise<T>): Promise<T>;
  /** Called inside the transaction that appends: wakes who waits, once it is committed. */
  announce(db: Kysely<Tables>, seq: number): Promise<void>;
  /** Begins to watch for appends by any process; each wait ends at one, at a false alarm, or after its time. */
  watchAppends(): Promise<AppendWatch>;
  /** Undefined when another process holds it. Freed by the operating system or the server when the holder dies. */
  lockDaemon(): Promise<EngineLock | undefined>;
  close(): Promise<void>;
}

export type Write =
  | 'migrate'
  | 'append'
  | 'project'
  | 'step'
  | 'outcome'
  | 'log'
  | 'look'
  | 'daemon'
  | 'reasons'
  | 'withheld'
  | 'pulse';

export interface EngineLock {
  release(): Promise<void>;
  /** Aborted when the lock was lost without being released (the connection to the server broke). */
  readonly lost: AbortSignal;
}

/** An append after the call, however soon, ends the wait. */
export type AppendWatch = (milliseconds: number, signal: AbortSignal) => Promise<void>;
