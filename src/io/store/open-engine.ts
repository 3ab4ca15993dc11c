import type { ClockDeps } from '../../factory/deps.ts';
import type { Engine } from './engine.ts';
import { isPostgres } from './is-postgres.ts';
import { indexSubjects } from './fact-subjects.ts';
import { migrate } from './migrate.ts';
import { sqliteEngine } from './sqlite-engine.ts';

/** The engine of a store, its tables up to date. Throws a `Failure` E0803 when it cannot be used. */
export async function openEngine({ url, clock }: { readonly url: string; readonly clock: ClockDeps }): Promise<Engine> {
  const engine = await engineFor(url);
  try {
    await migrate(engine, clock.now());
    await indexSubjects(engine);
  } catch (error) {
    await engine.close();
    throw error;
  }
  return engine;
}

async function engineFor(url: string): Promise<Engine> {
  if (!isPostgres(url)) return sqliteEngine(url);
  const { postgresEngine } = await import('./postgres-engine.ts');
  return postgresEngine(url);
}
