import { setImmediate } from 'node:timers/promises';
import type { Fact } from '../../core/fact.ts';
import type { ChainEntry } from '../../core/ledger/envelope.ts';
import { beforeFirst, factFromEntry } from '../../core/ledger/envelope.ts';
import type { FactStore } from '../../factory/deps.ts';
import { toMicroseconds } from './instant-column.ts';
import { newestFact } from './newest-fact.ts';
import type { Tables } from './schema.ts';
import type { Sql } from './sql.ts';

export type FactQuestions = Pick<FactStore, 'facts' | 'head'>;

/** What is asked of the chain. */
export function factQuestions(sql: Sql): FactQuestions {
  return {
    async *facts(after = 0, recordedUntil) {
      for await (const page of pages(sql, { after, recordedUntil, ...OPEN })) {
        for (const entry of page) {
          const fact = factFromEntry(entry);
          // A fold has no use for a fact whose payload is sealed or erased; the chain still holds its envelope.
          if (fact !== undefined) yield fact;
        }
      }
    },
    async head() {
      const newest = await newestFact(sql);
      return { seq: newest?.seq ?? 0, hash: newest?.hash ?? beforeFirst };
    },
  };
}

/** One fact by its id; undefined where there is none, or its payload is sealed or erased. */
export async function factById(sql: Sql, id: string): Promise<Fact | undefined> {
  const rows = await sql.all<StoredFact>(`${selectFacts(OPEN)} where facts.id = ?1`, [id]);
  const row = rows[0];
  return row === undefined ? undefined : factFromEntry(entryOf(row));
}

/** Facts in memory at once while reading. */
const rowsPerPage = 500;

/**
 * The chain as it is stored, in order after `seq`, a page at a time: what a verification reads. What was sealed and is open
 * by now shows its payload here; a fold does not see it, as a fact of its own states it again.
 */
export function chainPages(
  sql: Sql,
  after: number,
  recordedUntil?: Temporal.Instant,
): AsyncIterable<readonly ChainEntry[]> {
  const payload = 'coalesce(payloads.json, sealed_payloads.json) as json';
  const join = 'left join sealed_payloads on sealed_payloads.seq = facts.seq';
  return pages(sql, { after, recordedUntil, payload, join });
}

async function* pages(
  sql: Sql,
  {
    after,
    recordedUntil,
    payload,
    join,
  }: PayloadColumns & { readonly after: number; readonly recordedUntil: Temporal.Instant | undefined },
): AsyncIterable<readonly ChainEntry[]> {
  const until = recordedUntil === undefined ? [] : [toMicroseconds(recordedUntil)];
  const text = `${selectFacts({ payload, join })}
    where facts.seq > ?1 ${until.length === 0 ? '' : 'and facts.recorded_us <= ?3'} order by facts.seq limit ?2`;
  for (let seq = after; ; ) {
    const rows = await sql.all<StoredFact>(text, [seq, rowsPerPage, ...until]);
    if (rows.length > 0) yield rows.map(entryOf);
    const last = rows.at(-1);
    if (last === undefined || rows.length < rowsPerPage) return;
    seq = last.seq;
    // A million facts are read for half a minute: whoever else waits for this thread gets a turn between two pages.
    await setImmediate();
  }
}

/** What a fold may see: payloads that are sealed or erased are not there. */
export const OPEN: PayloadColumns = { payload: 'payloads.json', join: '' };

interface PayloadColumns {
  readonly payload: string;
  readonly join: string;
}

export function selectFacts({ payload, join }: PayloadColumns): string {
  return `select facts.seq, facts.id, facts.type, facts.at_from, facts.at_to, facts.recorded_at, facts.by,
      facts.payload_digest, facts.evidence, facts.prev, facts.hash, ${payload}
    from facts left join payloads on payloads.seq = facts.seq ${join}`;
}

export type StoredFact = Omit<Tables['facts'], 'recorded_us'> & { readonly json: string | null };

export function entryOf(row: StoredFact): ChainEntry {
  return {
    v: 1,
    id: row.id,
    type: row.type,
    at: { from: row.at_from, to: row.at_to },
    recordedAt: row.recorded_at,
    by: row.by,
    payloadDigest: row.payload_digest,
    evidence: row.evidence === '[]' ? none : (JSON.parse(row.evidence) as readonly string[]),
    seq: row.seq,
    prev: row.prev,
    hash: row.hash,
    payloadText: row.json,
  };
}

const none: readonly string[] = [];
