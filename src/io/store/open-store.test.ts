import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { test, type TestContext } from 'node:test';
import { Failure } from '../../core/failure.ts';
import { chainVerifier } from '../../core/ledger/verify-chain.ts';
import { openStore, type Store } from './open-store.ts';

const clock = { now: () => Temporal.Instant.from('2026-03-01T12:00:00Z') };

test('openStore() of a file that is no database: the failure says so and names it', async (t) => {
  const path = join(freshFolder(t), 'suture.db');
  writeFileSync(path, 'this is a text file, long enough not to be taken for an empty database'.repeat(20));
  await assert.rejects(openStore({ url: path, clock }), failure(`The store ${path} cannot be used: the file is not a`));
});

test('openStore() where a folder stands', async (t) => {
  const path = join(freshFolder(t), 'suture.db');
  mkdirSync(path);
  await assert.rejects(openStore({ url: path, clock }), failure('its file cannot be opened'));
});

test('openStore() where there is no server: the failure names host and database, and no password', async () => {
  const opening = openStore({ url: 'postgres://ada:secret@127.0.0.1:1/suture', clock });
  await assert.rejects(opening, (error) => {
    assert.ok(error instanceof Failure && error.code === 'E0803');
    assert.match(error.message, /postgres:\/\/127\.0\.0\.1:1\/suture cannot be used: the server cannot be reached/);
    assert.doesNotMatch(JSON.stringify(error.detail), /secret/);
    return true;
  });
});

test('openStore() of a store made by a newer program leaves it alone', async (t) => {
  const path = join(freshFolder(t), 'suture.db');
  await (await openStore({ url: path, clock })).close();
  alter(path, "insert into schema_versions values (1000, 'from the future', '2030-01-01T00:00:00Z')");
  await assert.rejects(openStore({ url: path, clock }), failure('was made by a newer Suture'));
});

test('chain() shows what was changed behind its back; a fold passes over a payload that is gone', async (t) => {
  const path = join(freshFolder(t), 'suture.db');
  const store = await openStore({ url: path, clock });
  t.after(() => store.close());
  const looks = ['1', '2', '3', '4'].map((version) => ({
    type: 'looked' as const,
    at: { from: clock.now(), to: clock.now() },
    by: 'suture',
    payload: { upstream: 'pkg:generic/hello', form: 'git-tag' as const, versions: [version] },
    evidence: [],
  }));
  await store.facts.append(looks);
  alter(path, 'delete from payloads where seq = 2');
  assert.deepEqual(await findings(store), ['2 absent']);
  assert.deepEqual(
    (await Array.fromAsync(store.facts.facts())).map(({ seq }) => seq),
    [1, 3, 4],
  );
  alter(path, `update payloads set json = replace(json, '"3"', '"9"') where seq = 3`);
  alter(path, "update facts set by = 'mallory' where seq = 4");
  assert.deepEqual(await findings(store), ['3 payload', '4 hash', '2 absent']);
});

async function findings(store: Store): Promise<readonly string[]> {
  const verifier = chainVerifier();
  for await (const page of store.chain()) for (const entry of page) verifier.add(entry);
  return verifier.verdict().findings.map(({ seq, kind }) => `${seq} ${kind}`);
}

function alter(path: string, statement: string): void {
  const database = new DatabaseSync(path, { timeout: 1000 });
  database.exec(statement);
  database.close();
}

function failure(words: string) {
  return (error: unknown) => {
    assert.ok(error instanceof Failure && error.code === 'E0803');
    assert.ok(error.message.includes(words), error.message);
    return true;
  };
}

function freshFolder(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'suture-store-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}
