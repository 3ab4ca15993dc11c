import assert from 'node:assert/strict';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { suture } from '../support/made-up-world.ts';
import { entriesIn, remade, rewrite } from '../support/rewritten-bundle.ts';

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

test('a tail made anew without the key: verify says no, import refuses, nothing signs it afterwards', async () => {
  const [catalog, out, victim] = [join(world, 'catalog'), join(world, 'out'), join(world, 'victim')];
  const forged = join(world, 'forged');
  cpSync(out, forged, { recursive: true });
  const entries = entriesIn(forged);
  const kept = entries.slice(0, -4).findLastIndex(({ type }) => type === 'head-signed') + 1;
  const tail = entries.slice(kept).filter(({ type }) => type !== 'head-signed');
  assert.ok(kept > 0 && tail.length > 0);
  // Dated back, the evidence of a pull would say otherwise; of what has no evidence nothing does.
  const other = tail.map((entry) => ({ ...entry, by: 'somebody' }));
  await rewrite(forged, remade([...entries.slice(0, kept), ...other]));

  const key = join(catalog, '.suture/keys/signing-key.pub');
  const words = new RegExp(`Signed up to fact ${kept - 1} of ${kept + tail.length}; ${tail.length} facts? after it`);
  const verify = ['ledger', 'verify', forged, '--key', key, '--cwd', tmpdir()];
  assert.match((await answer(verify, 2)).trouble, words);
  const accepted = await answer([...verify, '--unsigned-tail', `${tail.length}`], 0);
  assert.equal(accepted.signed.unsigned, tail.length);
  await answer([...verify, '--unsigned-tail', `${tail.length - 1}`], 2);

  cpSync(catalog, victim, { recursive: true, filter: (path) => !path.startsWith(join(catalog, '.suture')) });
  mkdirSync(join(victim, '.suture'));
  cpSync(join(catalog, '.suture/world.json'), join(victim, '.suture/world.json'));
  const refused = await suture(['ledger', 'import', forged, '--key', key, '--cwd', victim]);
  assert.equal(refused.exitCode, 65);
  assert.match(refused.err, words);
  assert.match(refused.err, /nothing was imported[\s\S]*--unsigned-tail/);
  assert.equal((await answer(['ledger', 'verify', '--cwd', victim], 0)).facts, 0);
});

test('ledger export after facts that nobody signed yet: their head is signed first, and once', async () => {
  const [victim, forged] = [join(world, 'victim'), join(world, 'forged')];
  cpSync(join(world, 'catalog/.suture/keys'), join(victim, '.suture/keys'), { recursive: true });
  const taken = await answer(['ledger', 'import', forged, '--unsigned-tail', '100', '--cwd', victim], 0);
  assert.ok(taken.signed.unsigned > 0);
  const first = await answer(['ledger', 'export', join(world, 'first'), '--cwd', victim], 0);
  const second = await answer(['ledger', 'export', join(world, 'second'), '--cwd', victim], 0);
  assert.deepEqual([first.signedNow, first.facts], [true, taken.facts + 1]);
  assert.deepEqual([second.signedNow, second.head], [false, first.head]);
  const key = join(victim, '.suture/keys/signing-key.pub');
  await answer(['ledger', 'verify', join(world, 'first'), '--key', key, '--cwd', tmpdir()], 0);
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
