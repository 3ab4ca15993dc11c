import assert from 'node:assert/strict';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { suture } from '../support/made-up-world.ts';

/** The ledger of the made-up world, taken elsewhere by the command. */

let world = '';
before(async () => {
  world = mkdtempSync(join(tmpdir(), 'suture-ledger-'));
  const { exitCode, err } = await suture(['demo', '--exit', '--dir', world]);
  assert.equal(exitCode, 0, err);
});
after(() => rmSync(world, { recursive: true, force: true }));

test('ledger export, verify elsewhere, import killed at any point, import: the same head, figures and bytes', async () => {
  const [catalog, out] = [join(world, 'catalog'), join(world, 'out')];
  const exported = await answer(['ledger', 'export', out, '--with-evidence', '--cwd', catalog], 0);
  const key = join(catalog, '.suture/keys/signing-key.pub');
  const stranger = await answer(['ledger', 'verify', out, '--key', key, '--cwd', tmpdir()], 0);
  assert.deepEqual([stranger.facts, stranger.signed.keys], [exported.facts, 'named']);

  const elsewhere = join(world, 'elsewhere');
  cpSync(catalog, elsewhere, { recursive: true, filter: (path) => !path.startsWith(join(catalog, '.suture')) });
  mkdirSync(join(elsewhere, '.suture'));
  cpSync(join(catalog, '.suture/world.json'), join(elsewhere, '.suture/world.json'));
  const refused = await suture(['ledger', 'import', out, '--cwd', elsewhere]);
  assert.equal(refused.exitCode, 65);
  assert.match(refused.err, /not among the trusted ones[\s\S]*then add --key FILE/);

  let whole = 0;
  for (let write = 1; write < 100; write += 2) {
    const { signal, exitCode } = await suture(['ledger', 'import', out, '--key', key, '--cwd', elsewhere], {
      env: { SUTURE_CRASH_AT: `${write}` },
    });
    const { facts } = await answer(['ledger', 'verify', '--cwd', elsewhere], 0);
    assert.ok(facts === 0 || facts === exported.facts, `${facts} facts after a kill at write ${write}`);
    whole = facts;
    if (signal === null && exitCode === 0) break;
    if (facts > 0) break;
  }
  assert.equal(whole, exported.facts);
  const again = await suture(['ledger', 'import', out, '--key', key, '--cwd', elsewhere]);
  assert.equal(again.exitCode, 64);
  assert.match(again.err, /holds facts already/);

  const verified = await answer(['ledger', 'verify', '--cwd', elsewhere], 0);
  assert.equal(verified.head, exported.head.hash);
  const copy = join(world, 'copy');
  await answer(['ledger', 'export', copy, '--with-evidence', '--cwd', elsewhere], 0);
  for (const name of ['facts.jsonl', 'heads.jsonl', 'manifest.json'])
    assert.equal(readFileSync(join(copy, name), 'utf8'), readFileSync(join(out, name), 'utf8'), name);
});

test('ledger import: every figure is computed anew and is the same', async () => {
  const [catalog, out, fresh] = [join(world, 'catalog'), join(world, 'out'), join(world, 'fresh')];
  cpSync(catalog, fresh, { recursive: true, filter: (path) => !path.startsWith(join(catalog, '.suture')) });
  mkdirSync(join(fresh, '.suture'));
  cpSync(join(catalog, '.suture/world.json'), join(fresh, '.suture/world.json'));
  const key = join(catalog, '.suture/keys/signing-key.pub');
  await answer(['ledger', 'import', out, '--key', key, '--cwd', fresh], 0);
  const [there, here] = [await figures(catalog), await figures(fresh)];
  assert.deepEqual(here, there);
  assert.ok(there.length > 0);
});

async function figures(catalog: string): Promise<readonly unknown[]> {
  const { items } = await answer(['status', '--cwd', catalog], 0);
  // Why something stands where it stands is the plan's, and when it will end is a forecast: neither is a fact.
  const known = items.map((item: { id: string }) => ({ ...item, reason: null, forecast: null, atRisk: null }));
  return known.toSorted((a: { id: string }, b: { id: string }) => (a.id < b.id ? -1 : 1));
}

// oxlint-disable-next-line typescript/no-explicit-any -- a document of the command, read where it is asked about
async function answer(args: readonly string[], exitCode: number): Promise<any> {
  const ran = await suture([...args, '--json']);
  assert.equal(ran.exitCode, exitCode, `${args.join(' ')}: ${ran.out} ${ran.err}`);
  return JSON.parse(ran.out);
}
