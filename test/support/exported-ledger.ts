import { generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import type { NewFact } from '../../src/core/fact.ts';
import { openSealed } from '../../src/factory/ledger/open-sealed.ts';
import { erasePayload } from '../../src/factory/ledger/erase-payload.ts';
import { signHead } from '../../src/factory/ledger/sign-head.ts';
import { signerOf } from '../../src/formats/dsse/signing-key.ts';
import { folderBlobs } from '../../src/io/blobs/folder-blobs.ts';
import { vaultOf } from '../../src/io/signing/vault.ts';
import { openStore, type Store } from '../../src/io/store/open-store.ts';

/** A small ledger with everything that one can hold, in a store of one's own. */
export interface SmallLedger {
  readonly folder: string;
  readonly store: Store;
  readonly url: string;
  readonly blobs: string;
  readonly publicKey: string;
  readonly keyId: string;
}

const start = Temporal.Instant.from('2026-03-01T10:00:00Z');

/**
 * Facts 1 to 3 are looks with evidence, 4 is signed; 5 is sealed (6 says so) and stays so, 7 is sealed (8), opened by 11; 9
 * is a waiver, erased by 10; 12 is signed.
 */
export async function smallLedger(t: TestContext, url?: string): Promise<SmallLedger> {
  const folder = mkdtempSync(join(tmpdir(), 'suture-ledger-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  let now = start;
  const clock = { now: () => (now = now.add({ seconds: 1 })) };
  const vault = vaultOf(new Uint8Array(32).fill(7));
  const store = await openStore({ url: url ?? join(folder, 'suture.db'), clock, vault });
  t.after(() => store.close());
  const blobs = join(folder, 'blobs');
  const sign = signerOf(generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey);
  const { facts } = store;
  for (const version of ['1', '2', '3']) await facts.append([await lookWith(version, blobs)]);
  await signHead({ clock, facts, sign });
  await facts.append([{ ...(await lookWith('sealed', blobs)), sealedUntil: start.add({ hours: 24 * 365 }) }]);
  await facts.append([{ ...(await lookWith('opened', blobs)), sealedUntil: start }]);
  const payload = {
    kind: 'waiver',
    vulnerability: 'CVE-1',
    line: 'a:1',
    approver: 'Ada',
    reason: 'x',
    until: 'y',
  } as const;
  await facts.append([
    { type: 'exception-granted', at: { from: start, to: start }, by: 'role', payload, evidence: [] },
  ]);
  await erasePayload({ seq: 9, reason: 'asked for', by: 'operator' }, { clock, facts, store });
  await openSealed({ clock, facts, store, vault });
  await signHead({ clock, facts, sign });
  return { folder, store, url: url ?? join(folder, 'suture.db'), blobs, publicKey: sign.publicKey, keyId: sign.keyId };
}

async function lookWith(version: string, blobs: string): Promise<NewFact> {
  const evidence = await folderBlobs(blobs).put(new TextEncoder().encode(`tags: ${version}\n`));
  const payload = { upstream: 'pkg:generic/hello', form: 'git-tag', versions: [version] } as const;
  return { type: 'looked', at: { from: start, to: start }, by: 'suture', payload, evidence: [evidence] };
}
