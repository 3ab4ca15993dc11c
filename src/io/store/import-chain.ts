import type { Kysely } from 'kysely';
import { Failure } from '../../core/failure.ts';
import type { ChainEntry } from '../../core/ledger/envelope.ts';
import { factNamedBy } from '../../core/ledger/withheld.ts';
import { crashPoint } from '../crash-point.ts';
import type { Engine } from './engine.ts';
import { rowOf } from './fact-store.ts';
import { indexAnew } from './fact-subjects.ts';
import type { Tables } from './schema.ts';

const rowsPerStatement = 200;

/**
 * Takes over a chain that was verified, into a store without facts: all of it or, whatever happens in between, nothing.
 * E0902 when there are facts already.
 */
export async function importChain(engine: Engine, chain: AsyncIterable<readonly ChainEntry[]>): Promise<void> {
  await engine.transaction('append', async (db) => {
    const known = await db.selectFrom('facts').select('seq').limit(1).executeTakeFirst();
    if (known !== undefined) {
      throw new Failure('E0902', `The ledger ${engine.name} holds facts already`, {
        why: 'a chain has one beginning: what was recorded elsewhere cannot be put before or after it',
        kept: 'the ledger, as it is',
        hint: 'import into the folder of a new catalog',
      });
    }
    const sealed = new SealedBefore();
    for await (const page of chain) {
      for (let i = 0; i < page.length; i += rowsPerStatement)
        await insert(db, page.slice(i, i + rowsPerStatement), sealed);
    }
    for (const row of sealed.rows) await sealRow(db, row);
    await indexAnew(engine, db);
    crashPoint('ledger imported');
  });
}

async function insert(db: Kysely<Tables>, entries: readonly ChainEntry[], sealed: SealedBefore): Promise<void> {
  if (entries.length === 0) return;
  const rows = entries.map((entry) => rowOf(entry, Temporal.Instant.from(entry.recordedAt)));
  await db.insertInto('facts').values(rows).execute();
  const payloads = entries.flatMap(({ seq, payloadText: json }) => (json === null ? [] : [{ seq, json }]));
  if (payloads.length > 0) await db.insertInto('payloads').values(payloads).execute();
  for (const entry of entries) sealed.add(entry);
}

/** That a fact is sealed is said by the one after it: its payload then belongs where no fold reads it. */
class SealedBefore {
  readonly rows: Tables['sealed_payloads'][] = [];
  #before: ChainEntry | undefined;

  add(entry: ChainEntry): void {
    const fact = entry.type === 'payload-sealed' ? factNamedBy(entry) : undefined;
    if (fact !== undefined && fact === this.#before?.id) {
      const { until } = JSON.parse(entry.payloadText ?? '{}') as { readonly until: string };
      this.rows.push({ seq: this.#before.seq, until, box: null, json: this.#before.payloadText });
    }
    this.#before = entry;
  }
}

async function sealRow(db: Kysely<Tables>, row: Tables['sealed_payloads']): Promise<void> {
  await db.deleteFrom('payloads').where('seq', '=', row.seq).execute();
  await db.insertInto('sealed_payloads').values(row).execute();
}
