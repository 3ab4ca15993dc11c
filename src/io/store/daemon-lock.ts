import { hostname } from 'node:os';
import { Failure } from '../../core/failure.ts';
import type { ClockDeps } from '../../factory/deps.ts';
import type { Engine, EngineLock } from './engine.ts';

/** Held while a daemon runs. `lost` is aborted when the server that keeps the lock is gone: stop writing then. */
export type DaemonLock = EngineLock;

/** Throws a `Failure` E0802 that says which process on which host holds it. */
export async function daemonLock(engine: Engine, clock: ClockDeps): Promise<DaemonLock> {
  const lock = await engine.lockDaemon();
  if (lock === undefined) throw await heldByAnother(engine);
  const holder = { pid: process.pid, host: hostname(), since: clock.now().toString() };
  await engine.transaction('daemon', (db) =>
    db
      .insertInto('daemon_holder')
      .values({ one: 1, ...holder })
      .onConflict((conflict) => conflict.column('one').doUpdateSet(holder))
      .execute(),
  );
  return lock;
}

async function heldByAnother(engine: Engine): Promise<Failure> {
  const holder = await engine.db.selectFrom('daemon_holder').selectAll().executeTakeFirst();
  const who =
    holder === undefined ? 'another process' : `process ${holder.pid} on ${holder.host}, running since ${holder.since}`;
  return new Failure('E0802', `The store ${engine.name} is held by another daemon: ${who}`, {
    at: engine.name,
    kept: 'that daemon goes on; nothing was changed',
    hint: 'stop that process first',
    retryable: true,
  });
}
