import assert from 'node:assert/strict';
import { cpSync, existsSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import fc from 'fast-check';
import { Failure } from '../../src/core/failure.ts';
import { canonicalJson } from '../../src/core/ledger/canonical-json.ts';
import type { ChainEntry } from '../../src/core/ledger/envelope.ts';
import type { ChainHead } from '../../src/core/ledger/head-signing.ts';
import { writeBundle } from '../../src/io/ledger/write-bundle.ts';
import { checkBundle } from '../../src/wire/check-ledger.ts';
import { type SmallLedger, smallLedger } from '../support/exported-ledger.ts';
import { entriesIn, linesIn, remade, rewrite } from '../support/rewritten-bundle.ts';

const changes = process.env['SUTURE_LONG'] === undefined ? 300 : 50_000;

test('writeBundle() gives the same bytes for the same ledger, and they verify with the trusted key', async (t) => {
  const ledger = await smallLedger(t);
  const [first, second] = [await exported(ledger, 'first'), await exported(ledger, 'second')];
  assert.deepEqual(contents(first), contents(second));
  assert.deepEqual(await found(first, ledger), []);
  const answer = await check(first, ledger);
  assert.deepEqual(
    [answer.end.seq, answer.signed, answer.withheld],
    [12, { heads: 2, upTo: 11, unsigned: 0 }, { sealed: 1, erased: 1 }],
  );
});

test('writeBundle() shows nothing of what is sealed or erased', async (t) => {
  const ledger = await smallLedger(t);
  const text = [...contents(await exported(ledger, 'out')).values()].join('\n');
  for (const secret of ['"sealed"', 'tags: sealed', 'Ada']) assert.equal(text.includes(secret), false, secret);
  for (const open of ['"opened"', 'tags: opened']) assert.ok(text.includes(open), open);
});

test('writeBundle() leaves nothing behind where it fails: a folder that exists, evidence that is damaged', async (t) => {
  const ledger = await smallLedger(t);
  await exported(ledger, 'out');
  await assert.rejects(exported(ledger, 'out'), { code: 'E0902' });
  const [blob = ''] = readdirSync(ledger.blobs, { recursive: true, encoding: 'utf8' }).filter((name) =>
    statSync(join(ledger.blobs, name)).isFile(),
  );
  writeFileSync(join(ledger.blobs, blob), 'another');
  await assert.rejects(exported(ledger, 'again'), { code: 'E0302' });
  assert.deepEqual(
    readdirSync(ledger.folder).filter((name) => /again|partial/.test(name)),
    [],
  );
});

/** What somebody does who also writes the manifest anew; `kept` heads are ones that the reader kept elsewhere. */
const tampered: readonly {
  readonly what: string;
  readonly entries: (entries: readonly ChainEntry[]) => readonly ChainEntry[];
  readonly kept?: boolean;
  readonly finds: readonly RegExp[];
}[] = [
  { what: 'nothing', entries: (all) => all, finds: [] },
  { what: 'a fact changed', entries: (all) => changed(all, 2, { by: 'sutura' }), finds: [/Fact 2 was changed/] },
  { what: 'a fact deleted', entries: (all) => all.toSpliced(1, 1), finds: [/Fact 2 is missing before fact 3/] },
  {
    what: 'two facts in the other order',
    entries: (all) => all.with(1, at(all, 3)).with(2, at(all, 2)),
    finds: [/order/],
  },
  { what: 'a fact twice', entries: (all) => all.toSpliced(2, 0, at(all, 2)), finds: [/Fact 2 stands after fact 2/] },
  {
    what: 'dated back',
    entries: (all) => changed(all, 3, { recordedAt: '2020-01-01T00:00:00Z' }),
    finds: [/Fact 3 was changed/],
  },
  {
    what: 'evidence swapped',
    entries: (all) => changed(all, 2, { evidence: at(all, 1).evidence }),
    finds: [/Fact 2 was changed/],
  },
  {
    what: 'a payload taken away',
    entries: (all) => changed(all, 2, { payloadText: null }),
    finds: [/payload of fact 2 is gone/],
  },
  {
    what: 'everything after a fact made anew, without the key',
    entries: (all) => remade(changed(all, 2, { at: { from: '2020-01-01T00:00:00Z', to: '2020-01-01T00:00:00Z' } })),
    finds: [/head of fact 3 that fact 4 signs was [0-9a-f]{64}: the chain was written anew/],
  },
  {
    what: 'made anew, and the heads with it, without the key',
    entries: (all) => resigned(remade(changed(all, 2, { by: 'somebody' }))),
    finds: [/head of fact 3 that fact 4 signs has a signature that is not of this head/],
  },
  {
    what: 'made anew without any signed head',
    entries: (all) => remade(all.filter(({ type }) => type !== 'head-signed')),
    finds: [/None of the 10 facts is under a head signed by a key that you trust/],
  },
  {
    what: 'a fact put in',
    entries: (all) => remade(all.toSpliced(1, 0, foreign(at(all, 2)))),
    finds: [/written anew/],
  },
  {
    what: 'a tail made anew behind a signed head, without the key',
    entries: (all) => remade([...all.slice(0, 4), ...all.slice(4).filter(({ type }) => type !== 'head-signed')]),
    finds: [/Signed up to fact 3 of 11; 7 facts after it are signed by nobody: figures that rest on them/],
  },
  { what: 'cut off behind a signed head, no head kept', entries: (all) => all.slice(0, 4), finds: [] },
  {
    what: 'cut off behind a signed head, a later one kept',
    entries: (all) => all.slice(0, 4),
    kept: true,
    finds: [/ends at fact 4, fact 11 was known/],
  },
];

for (const { what, entries, kept = false, finds } of tampered) {
  test(`an exported ledger with ${what}: ${finds.length === 0 ? 'holds' : 'found and named'}`, async (t) => {
    const ledger = await smallLedger(t);
    const folder = await exported(ledger, 'out');
    const heads = kept ? headsIn(folder).slice(-1) : [];
    await rewrite(folder, entries(entriesIn(folder)));
    const messages = await found(folder, ledger, heads);
    if (finds.length === 0) assert.deepEqual(messages, []);
    for (const each of finds)
      assert.ok(
        messages.some((message) => each.test(message)),
        `${each}: ${messages.join('; ')}`,
      );
  });
}

const files: readonly (readonly [string, (folder: string, ledger: SmallLedger) => void, RegExp])[] = [
  ['a file more', (folder) => writeFileSync(join(folder, 'more.txt'), ''), /more\.txt is in no manifest/],
  ['no heads', (folder) => rmSync(join(folder, 'heads.jsonl')), /heads\.jsonl is missing/],
  ['no line feed at the end', (folder) => cut(join(folder, 'facts.jsonl'), 1), /Line 12 of facts\.jsonl is not a fact/],
  ['evidence swapped', swapEvidence, /evidence sha256:[0-9a-f]+ of fact \d+ is damaged or another/],
  [
    'evidence gone',
    (folder) => rmSync(join(folder, 'evidence'), { recursive: true }),
    /evidence .* of fact 1 is missing/,
  ],
  [
    'another key',
    (folder, { keyId }) => writeFileSync(join(folder, `keys/${keyId}.pem`), 'x'),
    /is not the public key that its name says/,
  ],
];

for (const [what, change, finds] of files) {
  test(`an exported ledger with ${what}: found and named`, async (t) => {
    const ledger = await smallLedger(t);
    const folder = await exported(ledger, 'out');
    change(folder, ledger);
    const messages = await found(folder, ledger);
    assert.ok(
      messages.some((message) => finds.test(message)),
      messages.join('; '),
    );
  });
}

test('any one byte of an exported ledger that is changed is found', async (t) => {
  const ledger = await smallLedger(t);
  const folder = await exported(ledger, 'out');
  const names = [...contents(folder).keys()];
  const change = fc.record({
    file: fc.nat(names.length - 1),
    at: fc.nat(100_000),
    by: fc.integer({ min: 1, max: 255 }),
  });
  await fc.assert(
    fc.asyncProperty(change, async ({ file, at: offset, by }) => {
      const path = join(folder, names[file] ?? '');
      const bytes = readFileSync(path);
      if (bytes.length === 0) return;
      const place = offset % bytes.length;
      writeFileSync(path, bytes.with(place, (bytes[place] ?? 0) ^ by));
      const messages = await found(folder, ledger).finally(() => writeFileSync(path, bytes));
      assert.notDeepEqual(messages, []);
    }),
    { numRuns: changes },
  );
});

async function exported(ledger: SmallLedger, name: string): Promise<string> {
  const folder = join(ledger.folder, name);
  const keys = new Map([[ledger.keyId, ledger.publicKey]]);
  await writeBundle(folder, { chain: ledger.store.chain(), blobs: ledger.blobs, keys, evidence: 'all' });
  return folder;
}

async function check(folder: string, { keyId, publicKey }: SmallLedger, heads: readonly ChainHead[] = []) {
  const trusted = { keys: new Map([[keyId, publicKey]]), named: true };
  return await checkBundle(folder, { heads, withEvidence: true, trusted });
}

/** What is said to be wrong; a bundle that cannot be read at all says so too. */
async function found(folder: string, ledger: SmallLedger, heads?: readonly ChainHead[]): Promise<readonly string[]> {
  try {
    return (await check(folder, ledger, heads)).findings.map(({ message }) => message);
  } catch (error) {
    if (error instanceof Failure) return [error.message];
    throw error;
  }
}

function contents(folder: string): ReadonlyMap<string, string> {
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) =>
    statSync(join(folder, name)).isFile(),
  );
  return new Map(names.toSorted().map((name) => [name, readFileSync(join(folder, name), 'latin1')]));
}

function headsIn(folder: string): readonly ChainHead[] {
  return linesIn(join(folder, 'heads.jsonl')).map((line) => JSON.parse(line) as ChainHead);
}

function at(entries: readonly ChainEntry[], seq: number): ChainEntry {
  const entry = entries[seq - 1];
  assert.ok(entry !== undefined);
  return entry;
}

function changed(entries: readonly ChainEntry[], seq: number, to: Partial<ChainEntry>): readonly ChainEntry[] {
  return entries.with(seq - 1, { ...at(entries, seq), ...to });
}

/** Heads that name the new hashes, under the old signatures. */
function resigned(entries: readonly ChainEntry[]): readonly ChainEntry[] {
  const made = [...entries];
  for (const [index, entry] of entries.entries()) {
    if (entry.type !== 'head-signed') continue;
    const payload = JSON.parse(entry.payloadText ?? '') as ChainHead;
    const payloadText = canonicalJson({ ...payload, hash: made[payload.seq - 1]?.hash });
    made[index] = { ...entry, payloadText };
  }
  return made;
}

function foreign(entry: ChainEntry): ChainEntry {
  return { ...entry, id: 'f'.repeat(64) };
}

function cut(path: string, bytes: number): void {
  writeFileSync(path, readFileSync(path).subarray(0, -bytes));
}

function swapEvidence(folder: string): void {
  const names = readdirSync(join(folder, 'evidence'), { recursive: true, encoding: 'utf8' })
    .map((name) => join(folder, 'evidence', name))
    .filter((name) => statSync(name).isFile());
  const [a = '', b = ''] = names;
  const aside = join(folder, 'aside');
  cpSync(a, aside);
  cpSync(b, a);
  renameSync(aside, b);
  assert.ok(existsSync(a));
}
