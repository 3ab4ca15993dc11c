import type { Kysely } from 'kysely';
import type { Fact, NewFact } from '../../core/fact.ts';
import { chain, draftOf, type ChainEntry, type Draft } from '../../core/ledger/envelope.ts';
import { nextRecordedAt } from '../../core/ledger/recorded-at.ts';
import { maySealUntil, SEALED_DAYS_MAX } from '../../core/ledger/sealed-until.ts';
import { Failure } from '../../core/failure.ts';
import { invariant } from '../../core/invariant.ts';
import { canonicalJson } from '../../core/ledger/canonical-json.ts';
import { mayBeErased, mayBeSealed } from '../../core/ledger/withheld.ts';
import type { ClockDeps, FactStore, Vault } from '../../factory/deps.ts';
import type { Engine } from './engine.ts';
import { factQuestions } from './fact-questions.ts';
import { insertSubjects } from './fact-subjects.ts';
import { toMicroseconds } from './instant-column.ts';
import { kyselySql } from './kysely-sql.ts';
import { newestFact } from './newest-fact.ts';
import { subjectQuestions } from './subject-questions.ts';
import type { Tables } from './schema.ts';

/** Rows in one statement: well below the bound on parameters of both engines (32,766 and 65,535). */
const rowsPerStatement = 200;

/** Without a vault nothing can be sealed, and what names a person is not salted. */
export function factStore(engine: Engine, clock: ClockDeps, vault: Vault | null = null): FactStore {
  return {
    append: (facts) => append(engine, { clock, vault }, facts),
    ...factQuestions(kyselySql(engine)),
    ...subjectQuestions(kyselySql(engine)),
  };
}

interface AppendDeps {
  readonly clock: ClockDeps;
  readonly vault: Vault | null;
}

async function append(
  engine: Engine,
  { clock, vault }: AppendDeps,
  facts: readonly NewFact[],
): Promise<readonly Fact[]> {
  // Hashing is done before the lock is taken: others wait only for what needs the order.
  const drafted = facts.flatMap((fact) => draftsOf(fact, vault));
  const drafts = [...new Map(drafted.map((draft) => [draft.id, draft])).values()];
  if (drafts.length === 0) return [];
  return engine.transaction('append', async (db) => {
    const fresh = await unknownOnly(db, drafts);
    if (fresh.length === 0) return [];
    const appended = chainAfter(await newestFact(kyselySql(engine, db)), fresh, clock.now());
    for (let i = 0; i < appended.length; i += rowsPerStatement) {
      const part = appended.slice(i, i + rowsPerStatement);
      const sealed = part.flatMap(({ entry, until }) => (until === undefined ? [] : [boxed(entry, until, vault)]));
      const open = part.filter(({ until }) => until === undefined);
      await db
        .insertInto('facts')
        .values(part.map(({ entry, fact }) => rowOf(entry, fact.recordedAt)))
        .execute();
      if (open.length > 0)
        await db
          .insertInto('payloads')
          .values(open.map(({ entry }) => payloadOf(entry)))
          .execute();
      if (sealed.length > 0) await db.insertInto('sealed_payloads').values(sealed).execute();
    }
    await insertSubjects(
      db,
      appended.flatMap(({ fact, until }) => (until === undefined ? [fact] : [])),
    );
    await engine.announce(db, appended.at(-1)?.entry.seq ?? 0);
    return appended.map(({ fact }) => fact);
  });
}

/** A fact, and directly after one that is sealed the fact that says so. */
function draftsOf(fact: NewFact, vault: Vault | null): readonly Draft[] {
  const { sealedUntil } = fact;
  if (sealedUntil === undefined) return [draftOf(mayBeErased(fact.type) ? salted(fact, vault) : fact)];
  if (!mayBeSealed(fact.type)) throw new TypeError(`a fact ${fact.type} cannot be sealed`);
  if (vault === null)
    throw new Failure('E0303', 'There is no key to seal a fact with', { kept: 'nothing was recorded' });
  const draft = draftOf(salted(fact, vault));
  const payload = { fact: draft.id, until: sealedUntil.toString() };
  return [draft, draftOf({ type: 'payload-sealed', at: fact.at, by: fact.by, payload, evidence: [] })];
}

/** Whoever guesses what was sealed or erased must not be able to tell by its digest. What is stated again keeps its salt. */
function salted(fact: NewFact, vault: Vault | null): NewFact {
  if (vault === null || 'salt' in fact.payload) return fact;
  const payload: object = { ...fact.payload, salt: vault.salt(canonicalJson(fact.payload)) };
  return { ...fact, payload } as NewFact;
}

function boxed(entry: ChainEntry, until: Temporal.Instant, vault: Vault | null): Tables['sealed_payloads'] {
  invariant(vault !== null && entry.payloadText !== null, 'what is sealed has a payload and a key');
  return { seq: entry.seq, until: until.toString(), box: vault.seal(entry.payloadText, entry.id), json: null };
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
    const { sealedUntil: until } = draft.fact;
    if (until !== undefined && !maySealUntil(recordedAt.toString(), until.toString()))
      throw new TypeError(`a fact cannot be sealed for more than ${SEALED_DAYS_MAX} days`);
    return { ...chained, until };
  });
}

export function rowOf(entry: ChainEntry, recordedAt: Temporal.Instant): Tables['facts'] {
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
