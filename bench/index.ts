import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { invariant } from '../src/core/invariant.ts';
import type { AdvisoryRecord } from '../src/core/match/advisory.ts';
import { judge } from '../src/core/match/match.ts';
import { isValidVersion, versionKey } from '../src/core/version/compare.ts';
import { encodeIndex } from '../src/formats/advisory-index/encode-index.ts';
import type { IndexQuery } from '../src/formats/advisory-index/index-hit.ts';
import { readIndex } from '../src/io/advisory-index/read-index.ts';
import { writeFileDurably } from '../src/io/files/write-file-durably.ts';
import type { Measured } from './main.ts';
import { repeated, rowsIn, someAdvisories, type AdvisorySource } from './support/advisory-rows.ts';

const ROWS = Number(process.env['SUTURE_BENCH_ROWS'] ?? 550_000);
const QUERIES = 20_000;
const TURNS = 5;

/** The advisory index over many rows: made, opened, asked; and the same asked of a Map in the heap and of SQLite. */
export async function run(): Promise<Measured> {
  const folder = mkdtempSync(join(tmpdir(), 'suture-bench-'));
  try {
    const { isReal, sources } = someAdvisories();
    const known = sources.reduce((sum, { records }) => sum + rowsIn(records), 0);
    const sections = sources.map((source) => ({
      source: source.source,
      records: [...repeated(source, Math.round((ROWS * rowsIn(source.records)) / known))],
    }));
    const { mixed: queries, heavy } = queriesOver(sections);
    const file = join(folder, 'advisories.index');
    const buildS = await seconds(() => writeFileDurably(file, encodeIndex(sections)));
    const index = readIndex(file);
    const openMs = (await quietest(() => void readIndex(file))) * 1000;
    const verifyMs = (await quietest(() => index.verify())) * 1000;
    const asked = (query: IndexQuery) => index.lookup(query).map(({ id }) => id);
    const lookupUs = await microseconds(queries, asked);
    const heavyUs = await microseconds(
      Array.from({ length: 1_000 }, () => heavy),
      asked,
    );
    const map = mapOf(sections.flatMap(({ records }) => records));
    const mapUs = await microseconds(queries, (query) => map(query));
    const sqlite = sqliteOf(join(folder, 'advisories.db'), sections);
    const sqliteUs = await microseconds(queries, sqlite.ask);
    for (const query of queries.slice(0, 2_000)) {
      // Numbers of a module's own makers (`isPartial`) are found as well; the verdict on them is the rule's.
      const sure = index.lookup(query).filter(({ isPartial }) => !isPartial);
      const [found, theirs] = [new Set(asked(query)), new Set(map(query))];
      const agree = [...theirs].every((id) => found.has(id)) && sure.every(({ id }) => theirs.has(id));
      invariant(agree, `the index and the rule agree on ${JSON.stringify(query)}`);
    }
    return {
      figures: {
        buildS: rounded(buildS),
        sizeMb: rounded(statSync(file).size / 1e6),
        openMs: rounded(openMs),
        verifyMs: rounded(verifyMs),
        lookupUs: rounded(lookupUs),
        heavyLookupUs: rounded(heavyUs),
        mapLookupUs: rounded(mapUs),
        sqliteLookupUs: rounded(sqliteUs),
        sqliteBuildS: rounded(sqlite.buildS),
        sqliteSizeMb: rounded(sqlite.sizeMb),
        rows: sections.reduce((sum, { records }) => sum + rowsIn(records), 0),
        distinctRows: isReal ? known : 0,
      },
      ratio: { against: 'node:sqlite', value: rounded(sqliteUs / lookupUs) },
    };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Three of ten are about packages that some row speaks of, any of them alike, at a version that some row names. */
function queriesOver(sections: readonly AdvisorySource[]): {
  readonly mixed: readonly IndexQuery[];
  readonly heavy: IndexQuery;
} {
  const known = new Map<string, { readonly query: IndexQuery; rows: number }>();
  for (const { records } of sections) {
    for (const { package: name, stream, ranges, versions } of records.flatMap(({ affected }) => affected)) {
      const version = ranges[0]?.fixed ?? versions[0] ?? '1.2.3';
      const entry = known.get(name) ?? { query: { package: name, stream: stream ?? '1', version }, rows: 0 };
      entry.rows += 1;
      known.set(name, entry);
    }
  }
  const entries = [...known.values()];
  const mixed = Array.from({ length: QUERIES }, (_, index): IndexQuery => {
    const query = entries[(index * 7_919_317) % entries.length]?.query;
    invariant(query !== undefined, 'some row is there');
    return index % 10 < 3 ? query : { ...query, package: `pkg:npm/nobody-speaks-of-${index}` };
  });
  const heavy = entries.reduce((a, b) => (b.rows > a.rows ? b : a)).query;
  return { mixed, heavy };
}

/** The naive way: rows of a package in a Map, judged one after the other. */
function mapOf(records: readonly AdvisoryRecord[]): (query: IndexQuery) => readonly string[] {
  const rows = new Map<string, AdvisoryRecord[]>();
  for (const record of records) {
    if (record.withdrawn !== null) continue;
    for (const name of new Set(record.affected.map((each) => each.package))) {
      rows.set(name, rows.get(name) ?? []);
      rows.get(name)?.push(record);
    }
  }
  const says = (record: AdvisoryRecord, { package: name, version, stream }: IndexQuery): boolean =>
    record.affected.some(
      (each) =>
        each.package === name &&
        (judge(each, version, stream) !== 'not-affected' ||
          (each.verdict !== undefined && (each.stream === null || each.stream === stream))),
    );
  return (query) => (rows.get(query.package) ?? []).filter((record) => says(record, query)).map(({ id }) => id);
}

/** Ranges with their keys in a table by package and low end, as a database would be asked. */
function sqliteOf(file: string, sections: readonly AdvisorySource[]) {
  const start = performance.now();
  const db = new DatabaseSync(file);
  db.exec(
    'PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; CREATE TABLE row (package, stream, low, high, included, id)',
  );
  const insert = db.prepare('INSERT INTO row VALUES (?, ?, ?, ?, ?, ?)');
  db.exec('BEGIN');
  for (const { records } of sections)
    for (const record of records) for (const row of rowsOf(record)) insert.run(...row);
  db.exec('COMMIT; CREATE INDEX by_package ON row (package, low)');
  const buildS = (performance.now() - start) / 1000;
  const select = db.prepare(
    `SELECT DISTINCT id FROM row WHERE package = ?1 AND low <= ?2 AND (stream IS NULL OR stream = ?3)
     AND (high IS NULL OR high > ?2 OR (included = 1 AND high = ?2))`,
  );
  const schemes = new Map(
    sections
      .flatMap(({ records }) => records.flatMap(({ affected }) => affected))
      .map((each) => [each.package, each.scheme]),
  );
  const ask = ({ package: name, version, stream }: IndexQuery): readonly string[] =>
    select.all(name, versionKey(schemes.get(name) ?? 'semver', version), stream).map((row) => String(row['id']));
  return { ask, buildS, sizeMb: statSync(file).size / 1e6 };
}

function rowsOf(record: AdvisoryRecord): readonly (readonly (string | number | null)[])[] {
  if (record.withdrawn !== null) return [];
  return record.affected.flatMap(({ package: name, stream, scheme, ranges, versions }) => {
    const key = (bound: string | null) => (bound === null ? null : versionKey(scheme, bound));
    const spans = ranges.map(({ introduced, fixed, lastAffected }) => {
      return [
        introduced === '0' ? '' : key(introduced),
        key(fixed ?? lastAffected),
        Number(lastAffected !== null),
      ] as const;
    });
    const points = (ranges.length > 0 ? [] : versions)
      .filter((each) => isValidVersion(scheme, each))
      .map((each) => [key(each), key(each), 1] as const);
    return [...spans, ...points].map((span) => [name, stream, ...span, record.id]);
  });
}

async function microseconds(
  queries: readonly IndexQuery[],
  ask: (query: IndexQuery) => readonly string[],
): Promise<number> {
  const s = await quietest(() => queries.forEach((query) => ask(query)));
  return (s / queries.length) * 1e6;
}

/** Of several turns, in seconds: others use this machine as well. */
async function quietest(work: () => void | Promise<void>): Promise<number> {
  const turns: number[] = [];
  for (let turn = 0; turn < TURNS; turn += 1) turns.push(await seconds(work));
  return Math.min(...turns);
}

async function seconds(work: () => void | Promise<void>): Promise<number> {
  const start = performance.now();
  await work();
  return (performance.now() - start) / 1000;
}

function rounded(value: number): number {
  return Number(value.toPrecision(3));
}
