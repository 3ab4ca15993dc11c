import type { Kysely } from 'kysely';
import type { Fact, NewFact } from '../../core/fact.ts';
import { chain, draftOf, type ChainEntry, type Draft } from '../../core/ledger/envelope.ts';
import { nextRecordedAt } from '../../core/ledger/recorded-at.ts';
import type { ClockDeps, FactStore } from '../../factory/deps.ts';
import type { Engine } from './engine.ts';
import { factQuestions } from './fact-questions.ts';
import { toMicroseconds } from './instant-column.ts';
import { kyselySql } from './kysely-sql.ts';
import { newestFact } from './newest-fact.ts';
import type { Tables } from './schema.ts';

/** Rows in one statement: well below the bound on parameters of both engines (32,766 and 65,535). */
const rowsPerStatement = 200;

export function factStore(engine: Engine, clock: ClockDeps): FactStore {
  return {
    append: (facts) => append(engine, clock, facts),
    ...factQuestions(kyselySql(engine)),
  };
}

async function append(engine: Engine, clock: ClockDeps, facts: readonly NewFact[]): Promise<readonly Fact[]> {
  // Hashing is done before the lock is taken: others wait only for what needs the order.
  const drafts = [...new Map(facts.map((fact) => draftOf(fact)).map((draft) => [draft.id, draft])).values()];
  if (drafts.length === 0) return [];
  return engine.transaction('append', async (db) => {
    const fresh = await unknownOnly(db, drafts);
    if (fresh.length === 0) return [];
    const appended = chainAfter(await newestFact(kyselySql(engine, db)), fresh, clock.now());
    for (let i = 0; i < appended.length; i += rowsPerStatement) {
      const part = appended.slice(i, i + rowsPerStatement);
      await db
        .insertInto('facts')
        .values(part.map(({ entry, fact }) => rowOf(entry, fact.recordedAt)))
        .execute();
      await db
        .insertInto('payloads')
        .values(part.map(({ entry }) => payloadOf(entry)))
        .execute();
    }
    await engine.announce(db, appended.at(-1)?.entry.seq ?? 0);
    return appended.map(({ fact }) => fact);
  });
}

async function unknownOnly(db: Kysely<Tables>, drafts: readonly Draft[]): Promise<readonly Draft[]> {
  const known = new Set<string>();
  for (let i = 0; i < drafts.length; i += rowsPerStatement) {
    const ids = drafts.slice(i, i + rowsPerStatement).map((draft) => draft.id);
    for (const { id } of await db.selectFrom('facts').select('id').where('id', 'in', ids).execute()) known.add(id);
  }
  return drafts.filter((draft) => !known.has(draft.id));
}

function chainAfter(
  last: { readonly seq: number; readonly hash: string; readonly recorded_at: string } | undefined,
  drafts: readonly Draft[],
  now: Temporal.Instant,
) {
  const recordedAt = nextRecordedAt(last === undefined ? null : Temporal.Instant.from(last.recorded_at), now);
  let previous: { readonly seq: number; readonly hash: string } | null = last ?? null;
  return drafts.map((draft) => {
    const chained = chain(draft, previous, recordedAt);
    previous = chained.entry;
    return chained;
  });
}

function rowOf(entry: ChainEntry, recordedAt: Temporal.Instant): Tables['facts'] {
  return {
    seq: entry.seq,
    id: entry.id,
    type: entry.type,
    at_from: entry.at.from,
    at_to: entry.at.to,
    recorded_at: entry.recordedAt,
    recorded_us: toMicroseconds(recordedAt),
    by: entry.by,
    payload_digest: entry.payloadDigest,
    evidence: JSON.stringify(entry.evidence),
    prev: entry.prev,
    hash: entry.hash,
  };
}

function payloadOf(entry: ChainEntry): Tables['payloads'] {
  return { seq: entry.seq, json: entry.payloadText ?? 'null' };
}
