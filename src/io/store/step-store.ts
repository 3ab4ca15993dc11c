import { sql, type Kysely } from 'kysely';
import type { StepOutcome } from '../../core/plan/step.ts';
import type { ClockDeps, Lease, OutcomeNews, StepStore } from '../../factory/deps.ts';
import type { Engine } from './engine.ts';
import { toMicroseconds } from './instant-column.ts';
import type { Tables } from './schema.ts';

/**
 * Leases and outcomes. Each lease has its own attempt number, and only the newest attempt may record an outcome: a
 * worker that was slow, paused or cut off cannot overwrite what its successor found.
 */
export function stepStore(engine: Engine, clock: ClockDeps): StepStore {
  const until = (seconds: number) => toMicroseconds(clock.now().add({ milliseconds: Math.round(seconds * 1000) }));
  return {
    lease: (key, worker, seconds) => lease(engine, clock, { key, worker, until: () => until(seconds) }),
    renew: (held, seconds) => change(engine, held, { leased_until_us: until(seconds) }),
    async release(held) {
      await change(engine, held, { leased_until_us: null, worker: null });
    },
    finish: (held, outcome) => finish(engine, held, JSON.stringify(outcome)),
    async outcome(key) {
      const row = await engine.db.selectFrom('steps').select('outcome').where('key', '=', key).executeTakeFirst();
      return row === undefined || row.outcome === null ? undefined : outcomeFromJson(row.outcome);
    },
    outcomesSince: (seen) => outcomesSince(engine, seen),
  };
}

async function lease(
  engine: Engine,
  clock: ClockDeps,
  wanted: { readonly key: string; readonly worker: string; readonly until: () => number },
): Promise<Lease | undefined> {
  const { key, worker } = wanted;
  return engine.transaction('step', async (db) => {
    const row = { key, worker: null, attempt: 0, leased_until_us: null, outcome: null, changed: 0 };
    await db
      .insertInto('steps')
      .values(row)
      .onConflict((conflict) => conflict.column('key').doNothing())
      .execute();
    let query = db.selectFrom('steps').select(['attempt', 'leased_until_us']).where('key', '=', key);
    // Skip rather than wait: a row that is locked is being taken by somebody this very moment.
    if (engine.kind === 'postgres') query = query.forUpdate().skipLocked();
    const step = await query.executeTakeFirst();
    if (step === undefined) return undefined;
    if (step.leased_until_us !== null && step.leased_until_us > toMicroseconds(clock.now())) return undefined;
    const attempt = step.attempt + 1;
    const taken = { worker, attempt, leased_until_us: wanted.until() };
    await db.updateTable('steps').set(taken).where('key', '=', key).execute();
    return { key, worker, attempt };
  });
}

/** False when another attempt has begun, or this one was given back. A lease that ran out untaken still counts. */
async function change(
  engine: Engine,
  held: Lease,
  to: { readonly leased_until_us: number | null; readonly worker?: null },
): Promise<boolean> {
  const changed = await engine.transaction('step', (db) => rowOf(db, held).set(to).executeTakeFirst());
  return changed.numUpdatedRows === 1n;
}

async function finish(engine: Engine, held: Lease, outcome: string): Promise<boolean> {
  const changed = await engine.transaction('outcome', (db) =>
    rowOf(db, held)
      .set({ leased_until_us: null, worker: null, outcome })
      .set({ changed: sql<number>`(select max(changed) + 1 from steps)` })
      .executeTakeFirst(),
  );
  return changed.numUpdatedRows === 1n;
}

function rowOf(db: Kysely<Tables>, { key, attempt, worker }: Lease) {
  return db.updateTable('steps').where('key', '=', key).where('attempt', '=', attempt).where('worker', '=', worker);
}

const rowsPerPage = 1000;

async function outcomesSince(engine: Engine, seen: number): Promise<OutcomeNews> {
  const outcomes = new Map<string, StepOutcome>();
  // Those of a store from before changes were counted all have one number, so a page may end in the midst of it.
  let after = { changed: seen + 1, key: '' };
  let change = seen;
  for (;;) {
    const { changed, key } = after;
    const rows = await engine.db
      .selectFrom('steps')
      .select(['key', 'outcome', 'changed'])
      .where('changed', '>=', changed)
      .where((or) => or.or([or('changed', '>', changed), or('key', '>', key)]))
      .orderBy('changed')
      .orderBy('key')
      .limit(rowsPerPage)
      .execute();
    for (const row of rows) if (row.outcome !== null) outcomes.set(row.key, outcomeFromJson(row.outcome));
    const last = rows.at(-1);
    change = last?.changed ?? change;
    if (last === undefined || rows.length < rowsPerPage) return { outcomes, change };
    after = last;
  }
}

function outcomeFromJson(text: string): StepOutcome {
  const json = JSON.parse(text) as { at: string; retryAt?: string | null };
  const at = Temporal.Instant.from(json.at);
  if (json.retryAt === undefined) return { ...json, at } as StepOutcome;
  return { ...json, at, retryAt: json.retryAt === null ? null : Temporal.Instant.from(json.retryAt) } as StepOutcome;
}
