import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { test, type TestContext } from 'node:test';
import { Failure } from '../../core/failure.ts';
import { migrations } from './migrations.ts';
import { openReader } from './open-reader.ts';
import { openStore } from './open-store.ts';
import { sqliteReader } from './sqlite-reader.ts';

const clock = { now: () => Temporal.Instant.from('2026-03-01T12:00:00Z') };

test('sqliteReader() is only for tables of the version that is asked for', async (t) => {
  const path = await freshStore(t);
  assert.equal(await sqliteReader(path, migrations.length + 1), undefined);
  assert.equal(await sqliteReader(join(path, 'nowhere'), migrations.length), undefined);
  const reader = await sqliteReader(path, migrations.length);
  assert.deepEqual(await reader?.all('select seq from projection'), [{ seq: 0 }]);
  reader?.close();
});

test('sqliteReader() cannot write', async (t) => {
  const reader = await sqliteReader(await freshStore(t), migrations.length);
  await assert.rejects(async () => reader?.all('update projection set seq = 1'), failure('it is read-only'));
  reader?.close();
});

test('openReader() brings the tables of an older program up to date', async (t) => {
  const path = join(freshFolder(t), 'suture.db');
  alter(
    path,
    'create table schema_versions (version integer primary key, name text not null, applied_at text not null)',
  );
  for (const [index, { name, statements }] of migrations.slice(0, 3).entries()) {
    for (const statement of statements('sqlite')) alter(path, statement);
    alter(path, `insert into schema_versions values (${index + 1}, '${name}', '2026-01-01T00:00:00Z')`);
  }
  const reader = await openReader({ url: path, clock });
  assert.deepEqual(await reader.reasons([{ obligation: 'a', at: clock.now() }]), new Map());
  await reader.close();
  assert.deepEqual(versions(path), [migrations.length]);
});

test('openReader() of a file that is no database, and of a store made by a newer program', async (t) => {
  const path = await freshStore(t);
  alter(path, "insert into schema_versions values (1000, 'from the future', '2030-01-01T00:00:00Z')");
  await assert.rejects(openReader({ url: path, clock }), failure('was made by a newer Suture'));
  writeFileSync(path, 'this is a text file, long enough not to be taken for an empty database'.repeat(20));
  await assert.rejects(openReader({ url: path, clock }), failure('the file is not a database'));
});

async function freshStore(t: TestContext): Promise<string> {
  const path = join(freshFolder(t), 'suture.db');
  await (await openStore({ url: path, clock })).close();
  return path;
}

function freshFolder(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'suture-reader-'));
  t.after(() => rmSync(folder, { recursive: true }));
  return folder;
}

function alter(path: string, statements: string): void {
  using database = new DatabaseSync(path);
  database.exec(statements);
}

function versions(path: string): readonly unknown[] {
  using database = new DatabaseSync(path);
  return database
    .prepare('select max(version) as at from schema_versions')
    .all()
    .map(({ at }) => at);
}

function failure(words: string): (error: unknown) => boolean {
  return (error) => error instanceof Failure && error.code === 'E0803' && error.message.includes(words);
}
