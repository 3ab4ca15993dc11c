import { randomUUID } from 'node:crypto';
import { mkdir, open, readdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { canonicalJson } from '../../core/ledger/canonical-json.ts';
import type { ChainEntry } from '../../core/ledger/envelope.ts';
import { factLine } from '../../core/ledger/fact-line.ts';
import { parseSignedHead } from '../../core/ledger/head-signing.ts';
import { inventoriesOf, restsOn } from '../../core/ledger/rests-on.ts';
import { chainVerifier } from '../../core/ledger/verify-chain.ts';
import { readJson } from '../../core/ledger/withheld.ts';
import { Failure } from '../../core/failure.ts';
import { parseDigest } from '../../core/digest.ts';
import {
  bundleFiles,
  evidenceFile,
  keyFile,
  manifestText,
  type BundleFile,
  type BundleManifest,
} from '../../formats/ledger/manifest.ts';
import { bundleReadme } from '../../formats/ledger/readme.ts';
import { blobPath } from '../blobs/blob-path.ts';
import { fileDigest } from '../blobs/check-blob.ts';
import { copyBlob } from '../blobs/copy-blob.ts';

export interface BundleSource {
  readonly chain: AsyncIterable<readonly ChainEntry[]>;
  /** Folder of blobs. */
  readonly blobs: string;
  /** Public keys in PEM, by key id. */
  readonly keys: ReadonlyMap<string, string>;
  readonly evidence: BundleManifest['evidence'];
}

/**
 * Writes a ledger into a new folder, the same bytes for the same ledger; the folder is there whole or not at all. E0302 when
 * the ledger does not hold, E0902 when the folder exists.
 */
export async function writeBundle(folder: string, source: BundleSource): Promise<BundleManifest> {
  const target = resolve(folder);
  if ((await stat(target).catch(() => undefined)) !== undefined) {
    throw new Failure('E0902', `${folder} exists already`, {
      kept: 'it, as it is',
      hint: 'name a folder that is not there',
    });
  }
  await mkdir(dirname(target), { recursive: true });
  const aside = join(dirname(target), `.${randomUUID()}.partial`);
  try {
    const manifest = await writeFiles(aside, source);
    await rename(aside, target);
    return manifest;
  } catch (error) {
    await rm(aside, { recursive: true, force: true });
    throw error;
  }
}

async function writeFiles(folder: string, source: BundleSource): Promise<BundleManifest> {
  await mkdir(folder);
  await writeFile(join(folder, bundleFiles.readme), bundleReadme);
  const written = await writeFacts(folder, source);
  await mkdir(join(folder, 'keys'));
  for (const keyId of [...written.keyIds].toSorted()) {
    const pem = source.keys.get(keyId);
    if (pem !== undefined) await writeFile(join(folder, keyFile(keyId)), pem);
  }
  const { facts, head, recordedUntil } = written;
  const files = await filesOf(folder);
  const { evidence } = source;
  const manifest = { schema: 'suture/ledger-bundle/1', facts, head, recordedUntil, evidence, files } as const;
  await writeFile(join(folder, bundleFiles.manifest), manifestText(manifest));
  return manifest;
}

async function writeFacts(folder: string, { chain, blobs, evidence }: BundleSource) {
  const verifier = chainVerifier();
  const keyIds = new Set<string>();
  const facts = await open(join(folder, bundleFiles.facts), 'wx');
  const heads = await open(join(folder, bundleFiles.heads), 'wx');
  try {
    for await (const page of chain) {
      for (const entry of page) verifier.add(entry);
      await facts.write(page.map((entry) => `${factLine(entry)}\n`).join(''));
      for (const head of page.flatMap(signedHeadOf)) {
        keyIds.add(head.keyId);
        await heads.write(`${canonicalJson(head)}\n`);
      }
      // What is sealed rests on something that is not public either.
      for (const entry of page.filter(({ payloadText }) => payloadText !== null))
        await bring(folder, entry, { blobs, digests: evidence === 'all' ? restsOn(entry) : inventoriesOf(entry) });
    }
  } finally {
    await facts.close();
    await heads.close();
  }
  const { findings, end } = verifier.verdict();
  if (findings[0] !== undefined) {
    throw new Failure('E0302', findings[0].message, {
      kept: 'nothing was exported',
      hint: 'suture ledger verify; a fact that was erased later cannot be shown as of a time before',
    });
  }
  return { keyIds, facts: end.seq, head: { seq: end.seq, hash: end.hash }, recordedUntil: end.recordedAt };
}

/** The payload of a `head-signed` fact, as it stands in `heads.jsonl`. */
export function signedHeadOf({ type, payloadText }: ChainEntry) {
  const head = type === 'head-signed' && payloadText !== null ? parseSignedHead(readJson(payloadText)) : undefined;
  return head === undefined ? [] : [head];
}

async function bring(
  folder: string,
  { seq }: ChainEntry,
  { blobs, digests }: { readonly blobs: string; readonly digests: readonly string[] },
): Promise<void> {
  for (const digest of digests) {
    const to = join(folder, evidenceFile(digest));
    if (parseDigest(digest) !== undefined && (await stat(to).catch(() => undefined)) !== undefined) continue;
    const state =
      parseDigest(digest) === undefined ? 'missing' : await copyBlob(digest, { from: blobPath(blobs, digest), to });
    if (state === 'whole') continue;
    throw new Failure('E0302', `The evidence ${digest} of fact ${seq} is ${state}`, {
      kept: 'nothing was exported',
      hint: 'suture ledger verify names all that is wrong',
    });
  }
}

/** Every file below a folder but its manifest, sorted by name in UTF-16 code units. */
export async function filesOf(folder: string): Promise<readonly BundleFile[]> {
  const names: string[] = [];
  for (const found of await readdir(folder, { recursive: true, withFileTypes: true })) {
    const name = join(found.parentPath, found.name).slice(folder.length + 1);
    if (!found.isDirectory() && name !== bundleFiles.manifest) names.push(name);
  }
  const files: BundleFile[] = [];
  for (const name of names.sort()) {
    const found = await fileDigest(join(folder, name));
    if (found !== undefined) files.push({ name, ...found });
  }
  return files;
}
