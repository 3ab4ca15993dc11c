import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ChainEntry } from '../core/ledger/envelope.ts';
import { chainVerifier } from '../core/ledger/verify-chain.ts';
import { Failure } from '../core/failure.ts';
import { blobPath } from '../io/blobs/blob-path.ts';
import { copyBlob } from '../io/blobs/copy-blob.ts';
import { type Bundle, readBundle } from '../io/ledger/read-bundle.ts';
import { trustedKeys } from '../io/signing/trusted-keys.ts';
import type { Store } from '../io/store/open-store.ts';
import type { LedgerAnswer } from '../serve/cli/ledger-deps.ts';
import { checkOpened } from './check-ledger.ts';
import type { Places } from './places.ts';

export interface ImportInto {
  /** Files of public keys that the bundle's heads may be signed with; kept as trusted from then on. */
  readonly keys: readonly string[];
  /** Facts at the end that may be signed by nobody. */
  readonly unsignedMax: number;
  readonly places: Places;
  readonly store: Store;
}

/**
 * Takes over an exported ledger: checks all of it, brings the evidence, then the facts in one transaction. Killed in between
 * it leaves blobs that nobody names, and no fact. E0302 when anything does not hold, or a
 * tail is signed by nobody (once here, the next head would sign it), E0902 when there are facts already.
 */
export async function importBundle(folder: string, into: ImportInto): Promise<LedgerAnswer> {
  const { places, store } = into;
  const bundle = await readBundle(folder);
  const own = await trustedKeys({ folder: places.keys });
  const given = await trustedKeys({ files: into.keys });
  const trusted = { keys: new Map([...own, ...given]), named: given.size > 0 || bundle.keys.size > 0 };
  const answer = await checkOpened(bundle, { heads: [], withEvidence: true, trusted, unsignedMax: into.unsignedMax });
  const [first] = answer.findings;
  if (first !== undefined && answer.findings.every(({ kind }) => kind === 'unsigned'))
    throw unsignedTail(folder, first.message, answer.signed.unsigned);
  if (first !== undefined) throw notTaken(folder, first.message, bundle);
  // Told before anything is copied; asked again inside the transaction.
  if ((await store.facts.head()).seq > 0) await store.importChain(bundle.chain());
  await bringEvidence(bundle, places.blobs);
  await mkdir(places.keys, { recursive: true, mode: 0o700 });
  for (const [keyId, pem] of given) if (!own.has(keyId)) await writeFile(join(places.keys, `${keyId}.pub`), pem);
  await store.importChain(checkedAgain(bundle));
  return answer;
}

function notTaken(folder: string, why: string, bundle: Bundle): Failure {
  const [keyId] = bundle.keys.keys();
  const untrusted = keyId !== undefined && /trust/.test(why);
  return new Failure('E0302', `The exported ledger ${folder} does not verify`, {
    why,
    kept: 'nothing was imported',
    hint: untrusted
      ? `compare keys/${keyId}.pem with the key that you were given, then add --key FILE`
      : `suture ledger verify ${folder}`,
  });
}

function unsignedTail(folder: string, why: string, unsigned: number): Failure {
  return new Failure('E0302', `The exported ledger ${folder} is not signed to its end`, {
    why,
    kept: 'nothing was imported',
    hint: `have it exported again where its key is; to vouch for those facts yourself, add --unsigned-tail ${unsigned}`,
  });
}

async function bringEvidence(bundle: Bundle, blobs: string): Promise<void> {
  for (const { name, sha256 } of bundle.manifest.files) {
    if (!name.startsWith('evidence/')) continue;
    const digest = `sha256:${sha256}`;
    const state = await copyBlob(digest, { from: join(bundle.folder, name), to: blobPath(blobs, digest) });
    if (state !== 'whole') throw notTaken(bundle.folder, `the file ${name} changed meanwhile`, bundle);
  }
}

/** What goes into the store is what was checked, also when somebody writes to the folder meanwhile. */
async function* checkedAgain(bundle: Bundle): AsyncIterable<readonly ChainEntry[]> {
  const verifier = chainVerifier();
  for await (const page of bundle.chain()) {
    for (const entry of page) verifier.add(entry);
    yield page;
  }
  const { findings, end } = verifier.verdict();
  if (findings.length > 0 || bundle.lineTrouble() !== undefined || end.hash !== bundle.manifest.head.hash)
    throw notTaken(bundle.folder, 'it changed while it was read', bundle);
}
