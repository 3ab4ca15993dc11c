import type { Fact } from '../../core/fact.ts';
import { factFromEntry } from '../../core/ledger/envelope.ts';
import { subjectsForm, subjectsOf } from '../../core/ledger/subjects.ts';
import type { FactStore, WantedSubjects } from '../../factory/deps.ts';
import { entryOf, factQuestions, OPEN, selectFacts, type StoredFact } from './fact-questions.ts';
import { toMicroseconds } from './instant-column.ts';
import type { Sql, SqlValue } from './sql.ts';

/** Subjects, or facts, that one statement asks for. */
const perStatement = 200;

/** What is asked of the index of facts by subject; where there is none of this program's form, the whole ledger is read. */
export function subjectQuestions(sql: Sql): Pick<FactStore, 'factsAbout' | 'newestOfEach'> {
  return {
    async *factsAbout(wanted, recordedUntil) {
      if (!(await isIndexed(sql))) {
        for await (const fact of factQuestions(sql).facts(0, recordedUntil)) if (isAbout(fact, wanted)) yield fact;
        return;
      }
      const last = await lastSeq(sql, recordedUntil);
      const places = new Set<number>();
      for (const part of parts(wanted.subjects)) {
        const text = `select seq from fact_subjects where subject in (${marks(part.length)})`;
        for (const { seq } of await sql.all<{ seq: number }>(text, part)) if (seq <= last) places.add(seq);
      }
      for (const start of wanted.startingWith ?? []) {
        const text = 'select seq from fact_subjects where subject >= ?1 and subject < ?2';
        const rows = await sql.all<{ seq: number }>(text, [start, afterAll(start)]);
        for (const { seq } of rows) if (seq <= last) places.add(seq);
      }
      yield* factsAt(sql, [...places]);
    },
    async newestOfEach(start, recordedUntil) {
      const last = await lastSeq(sql, recordedUntil);
      if (!(await isIndexed(sql))) return newestOf(factQuestions(sql).facts(0, recordedUntil), start);
      const text = `select min(seq) as first, max(seq) as newest from fact_subjects
        where subject >= ?1 and subject < ?2 and seq <= ?3 group by subject`;
      const rows = await sql.all<{ first: number; newest: number }>(text, [start, afterAll(start), last]);
      const byPlace = new Map<number, Fact>();
      for await (const fact of factsAt(
        sql,
        rows.map(({ newest }) => newest),
      ))
        byPlace.set(fact.seq, fact);
      return rows.toSorted((a, b) => a.first - b.first).flatMap(({ newest }) => byPlace.get(newest) ?? []);
    },
  };
}

async function isIndexed(sql: Sql): Promise<boolean> {
  const [row] = await sql.all<{ form: number }>('select form from fact_subjects_form');
  return row?.form === subjectsForm;
}

function isAbout(fact: Fact, { subjects, startingWith = [] }: WantedSubjects): boolean {
  return subjectsOf(fact).some(
    (each) => subjects.includes(each) || startingWith.some((start) => each.startsWith(start)),
  );
}

async function newestOf(facts: AsyncIterable<Fact>, start: string): Promise<readonly Fact[]> {
  const newest = new Map<string, Fact>();
  for await (const fact of facts) {
    for (const each of subjectsOf(fact)) if (each.startsWith(start)) newest.set(each, fact);
  }
  return [...newest.values()];
}

/** The place of the newest fact recorded by then, found by halving: facts are recorded in order. */
async function lastSeq(sql: Sql, recordedUntil: Temporal.Instant | undefined): Promise<number> {
  const [newest] = await sql.all<{ seq: number | null }>('select max(seq) as seq from facts');
  let [low, high] = [0, Number(newest?.seq ?? 0)];
  if (recordedUntil === undefined) return high;
  const until = toMicroseconds(recordedUntil);
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    const [row] = await sql.all<{ at: number }>('select recorded_us as at from facts where seq = ?1', [middle]);
    if (row !== undefined && row.at <= until) low = middle;
    else high = middle - 1;
  }
  return low;
}

async function* factsAt(sql: Sql, places: readonly number[]): AsyncIterable<Fact> {
  for (const part of parts(places.toSorted((a, b) => a - b))) {
    const text = `${selectFacts(OPEN)} where facts.seq in (${marks(part.length)}) order by facts.seq`;
    for (const row of await sql.all<StoredFact>(text, part)) {
      const fact = factFromEntry(entryOf(row));
      if (fact !== undefined) yield fact;
    }
  }
}

/** The first text after all that begin so; the last character of a start is never the last that there is. */
function afterAll(start: string): string {
  return start.slice(0, -1) + String.fromCharCode(start.charCodeAt(start.length - 1) + 1);
}

function marks(count: number): string {
  return Array.from({ length: count }, (_, index) => `?${index + 1}`).join(', ');
}

function* parts<T extends SqlValue>(all: readonly T[]): Generator<readonly T[]> {
  for (let i = 0; i < all.length; i += perStatement) yield all.slice(i, i + perStatement);
}
