import { readFile, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { canonicalJson } from '../../core/ledger/canonical-json.ts';
import type { ChainFinding } from '../../core/ledger/chain-finding.ts';
import type { ChainEntry } from '../../core/ledger/envelope.ts';
import { parseFactLine } from '../../core/ledger/fact-line.ts';
import { Failure } from '../../core/failure.ts';
import { parseDigest } from '../../core/digest.ts';
import { verifierOf } from '../../formats/dsse/signing-key.ts';
import {
  bundleFiles,
  evidenceFile,
  parseManifest,
  type BundleFile,
  type BundleManifest,
} from '../../formats/ledger/manifest.ts';
import { checkBlob, type BlobState } from '../blobs/check-blob.ts';
import { linesOf } from './lines.ts';
import { filesOf } from './write-bundle.ts';

const MANIFEST_BYTES_MAX = 256 * 1024 * 1024;

/** An exported ledger, opened to be checked or taken over. */
export interface Bundle {
  readonly folder: string;
  readonly manifest: BundleManifest;
  /** Files that are not what the manifest says. */
  readonly findings: readonly ChainFinding[];
  /** Public keys that came along, by key id: to be compared with trusted ones. */
  readonly keys: ReadonlyMap<string, string>;
  /** The facts; ends before the first line that is none, which `lineTrouble` then tells. */
  chain(): AsyncIterable<readonly ChainEntry[]>;
  lineTrouble(): ChainFinding | undefined;
  evidence(digest: string): Promise<BlobState>;
  /** Of evidence that is whole. */
  evidenceBytes(digest: string): Promise<Uint8Array>;
}

/** E0904 when the folder is no bundle at all. Everything else that is wrong is a finding. */
export async function readBundle(folder: string): Promise<Bundle> {
  const path = resolve(folder);
  const manifest = parseManifest(await manifestOf(path, folder));
  if (manifest === undefined) {
    throw new Failure('E0904', `${folder}/${bundleFiles.manifest} is not as an export writes it`, {
      kept: 'nothing was read from it',
      hint: 'take the bundle from its maker again',
    });
  }
  const files = await filesOf(path);
  const { keys, findings } = await keysIn(path, files);
  let trouble: ChainFinding | undefined;
  return {
    folder: path,
    manifest,
    keys,
    findings: [...fileFindings(files, manifest), ...findings],
    async *chain() {
      trouble = undefined;
      let line = 0;
      for await (const batch of linesOf(join(path, bundleFiles.facts))) {
        const entries: ChainEntry[] = [];
        for (const { text, whole } of batch) {
          line += 1;
          const entry = whole ? parseFactLine(text) : undefined;
          if (entry !== undefined) entries.push(entry);
          else trouble ??= file(line, `Line ${line} of ${bundleFiles.facts} is not a fact as an export writes it`);
          if (trouble !== undefined) break;
        }
        yield entries;
        if (trouble !== undefined) return;
      }
    },
    lineTrouble: () => trouble,
    evidence: async (digest) =>
      parseDigest(digest) === undefined ? 'missing' : await checkBlob(join(path, evidenceFile(digest)), digest),
    evidenceBytes: (digest) => readFile(join(path, evidenceFile(digest))),
  };
}

async function manifestOf(path: string, folder: string): Promise<string> {
  const found = await stat(join(path, bundleFiles.manifest)).catch(() => undefined);
  if (found?.isFile() !== true || found.size > MANIFEST_BYTES_MAX) {
    throw new Failure('E0904', `${folder} is no exported ledger: it has no ${bundleFiles.manifest}`, {
      kept: 'nothing was read from it',
      hint: 'name the folder that `suture ledger export` made',
    });
  }
  return await readFile(join(path, bundleFiles.manifest), 'utf8');
}

function fileFindings(files: readonly BundleFile[], manifest: BundleManifest): readonly ChainFinding[] {
  const found = new Map(files.map((each) => [each.name, each]));
  const named = new Set(manifest.files.map(({ name }) => name));
  const sorted = manifest.files.map(({ name }) => name).toSorted();
  return [
    ...manifest.files.flatMap((each) => {
      const there = found.get(each.name);
      if (there === undefined) return [file(0, `The file ${each.name} is missing`)];
      const isSame = there.sha256 === each.sha256 && there.size === each.size;
      return isSame ? [] : [file(0, `The file ${each.name} was changed: its bytes give another digest`)];
    }),
    ...files.filter(({ name }) => !named.has(name)).map(({ name }) => file(0, `The file ${name} is in no manifest`)),
    ...(sorted.some((name, index) => name !== manifest.files[index]?.name) || named.size !== sorted.length
      ? [file(0, 'The manifest does not list its files in order')]
      : []),
  ];
}

async function keysIn(folder: string, files: readonly BundleFile[]) {
  const keys = new Map<string, string>();
  const findings: ChainFinding[] = [];
  for (const { name, size } of files.filter((each) => each.name.startsWith('keys/'))) {
    const pem = size > 10_000 ? '' : await readFile(join(folder, name), 'utf8');
    const keyId = keyIdOf(pem);
    if (keyId !== undefined && name === `keys/${keyId}.pem`) keys.set(keyId, pem);
    else findings.push(file(0, `The file ${name} is not the public key that its name says`));
  }
  return { keys, findings };
}

function keyIdOf(pem: string): string | undefined {
  try {
    return verifierOf(pem).keyId;
  } catch (error) {
    if (error instanceof Failure) return undefined;
    throw error;
  }
}

function file(seq: number, message: string): ChainFinding {
  return { seq, kind: 'file', message };
}

/** Findings about what the manifest and `heads.jsonl` say of facts that were read: both follow from the facts. */
export async function summaryFindings(
  { folder, manifest }: Bundle,
  facts: {
    readonly head: { readonly seq: number; readonly hash: string };
    readonly recordedAt: string | null;
    readonly heads: readonly unknown[];
  },
): Promise<readonly ChainFinding[]> {
  const { head, recordedAt } = facts;
  const says = { facts: head.seq, head, recordedUntil: recordedAt };
  const said = { facts: manifest.facts, head: manifest.head, recordedUntil: manifest.recordedUntil };
  const lines = facts.heads.map((each) => `${canonicalJson(each)}\n`).join('');
  const heads = await readFile(join(folder, bundleFiles.heads), 'utf8').catch(() => '');
  return [
    ...(canonicalJson(says) === canonicalJson(said)
      ? []
      : [file(head.seq, 'The manifest names another end of the chain')]),
    ...(heads === lines ? [] : [file(head.seq, `${bundleFiles.heads} does not list the heads that facts sign`)]),
  ];
}
