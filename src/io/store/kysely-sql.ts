import { CompiledQuery } from 'kysely';
import type { Engine } from './engine.ts';
import type { Sql } from './sql.ts';

/** Asks over the engine's connections, or inside a transaction of it when that is given. */
export function kyselySql({ kind, db }: Pick<Engine, 'kind' | 'db'>, transaction = db): Sql {
  return {
    async all<Row>(text: string, parameters: readonly unknown[] = []) {
      const spelled = kind === 'postgres' ? text.replaceAll(/\?(?=\d)/g, '$') : text;
      return (await transaction.executeQuery<Row>(CompiledQuery.raw(spelled, [...parameters]))).rows;
    },
  };
}
