import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sql } from 'kysely';
import type { ChainHead } from '../../src/core/ledger/head-signing.ts';
import { verifyLedger } from '../../src/factory/ledger/verify-ledger.ts';
import { judgeHeads } from '../../src/formats/ledger/judge-heads.ts';
import { blobPath } from '../../src/io/blobs/blob-path.ts';
import { checkBlob } from '../../src/io/blobs/check-blob.ts';
import { chainPages } from '../../src/io/store/fact-questions.ts';
import { kyselySql } from '../../src/io/store/kysely-sql.ts';
import { openEngine } from '../../src/io/store/open-engine.ts';
import { smallLedger } from '../support/exported-ledger.ts';
import { aClockAt, type FreshStore } from './fresh-store.ts';

const columns = ['id', 'type', 'at_from', 'at_to', 'recorded_at', 'by', 'payload_digest', 'evidence'];
const hashes = ['prev', 'hash'];

/** What somebody with a database client does, and how it is named. */
const tampered: readonly (readonly [string, readonly string[], readonly RegExp[]])[] = [
  ['nothing', [], []],
  ['who said it flipped', ["update facts set by = 'sutura' where seq = 2"], [/^Fact 2 was changed/]],
  ['dated back', ["update facts set at_from = '2020-01-01T00:00:00Z' where seq = 2"], [/^Fact 2 was changed/]],
  ['evidence swapped', [copied(['evidence'], { from: 1, to: 2 })], [/^Fact 2 was changed/]],
  ['a payload changed', ["update payloads set json = '{}' where seq = 2"], [/^The payload of fact 2 was changed/]],
  ['a payload deleted', ['delete from payloads where seq = 2'], [/^The payload of fact 2 is gone/]],
  ['a fact deleted', deleted(2), [/^Fact 2 is missing before fact 3/]],
  ['a fact overwritten with another', [copied(columns.slice(1), { from: 1, to: 2 })], [/^Fact 2 was changed/]],
  ['cut short', [...deleted(12), ...deleted(11)], [/ends at fact 10, fact 12 was known/]],
  [
    'a signature replaced',
    [`update payloads set json = replace(json, '"signature":"M', '"signature":"N') where seq = 12`],
    [/payload of fact 12 was changed/, /has a signature that is not/],
  ],
  [
    'a hash replaced',
    [`update facts set hash = '${'0'.repeat(64)}' where seq = 3`],
    [/^Fact 3 was changed/, /^Fact 4 does not follow/, /written anew/],
  ],
  ['a foreign fact put at the end', inserted(), [/^Fact 13 was changed/]],
  [
    'an erasure taken back',
    ["update facts set type = 'looked' where seq = 10"],
    [/^Fact 10 was changed/, /^The payload of fact 9 is gone/],
  ],
];

/** A ledger changed behind the program's back, in either engine: found, and named. */
export function tamperContract(fresh: FreshStore): void {
  test('verifyLedger() names what was changed in the tables', async (t) => {
    const url = await fresh(t);
    if (url === undefined) return;
    const ledger = await smallLedger(t, url);
    const head = await ledger.store.facts.head();
    const engine = await openEngine({ url, clock: aClockAt('2026-03-01T12:00:00Z') });
    t.after(() => engine.close());
    for (const [what, statements, finds] of tampered) {
      let messages: readonly string[] = [];
      const undone = new Error('undo');
      await engine
        .transaction('withheld', async (db) => {
          for (const statement of statements) await sql.raw(statement).execute(db);
          messages = await found(chainPages(kyselySql(engine, db), 0), { ledger, head });
          throw undone;
        })
        .catch((error: unknown) => assert.equal(error, undone, String(error)));
      if (finds.length === 0) assert.deepEqual(messages, [], what);
      for (const each of finds)
        assert.ok(
          messages.some((text) => each.test(text)),
          `${what}: ${messages.join('; ')}`,
        );
    }
  });
}

async function found(
  chain: ReturnType<typeof chainPages>,
  { ledger, head }: { readonly ledger: Awaited<ReturnType<typeof smallLedger>>; readonly head: ChainHead },
): Promise<readonly string[]> {
  const evidence = (digest: string) => checkBlob(blobPath(ledger.blobs, digest), digest);
  const trust = { heads: [head], judge: judgeHeads([ledger.publicKey]), mustBeSigned: true };
  return (await verifyLedger({ chain, evidence }, trust)).findings.map(({ message }) => message);
}

function deleted(seq: number): readonly string[] {
  return ['payloads', 'sealed_payloads', 'facts'].map((table) => `delete from ${table} where seq = ${seq}`);
}

function copied(names: readonly string[], { from, to }: { readonly from: number; readonly to: number }): string {
  const set = names.map((name) => `${name} = (select ${name} from facts where seq = ${from})`);
  return `update facts set ${set.join(', ')} where seq = ${to}`;
}

function inserted(): readonly string[] {
  const names = [...columns.slice(1), ...hashes].join(', ');
  return [
    `insert into facts (seq, id, recorded_us, ${names}) select 13, '${'f'.repeat(64)}', recorded_us, ${names} from facts where seq = 12`,
    'insert into payloads (seq, json) select 13, json from payloads where seq = 12',
  ];
}
