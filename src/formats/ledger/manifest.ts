import { canonicalJson } from '../../core/ledger/canonical-json.ts';
import type { ChainHead } from '../../core/ledger/head-signing.ts';

/** The names of a bundle's files (docs/reference/ledger-format.md, section 6). */
export const bundleFiles = {
  readme: 'README.txt',
  manifest: 'manifest.json',
  facts: 'facts.jsonl',
  heads: 'heads.jsonl',
} as const;

export interface BundleManifest {
  readonly schema: 'suture/ledger-bundle/1';
  readonly facts: number;
  readonly head: ChainHead;
  /** When the last fact was recorded; null for an empty ledger. */
  readonly recordedUntil: string | null;
  /** Whether all evidence came along, or what figures are computed from alone. */
  readonly evidence: 'all' | 'inventories';
  /** Every file but the manifest, sorted by name. */
  readonly files: readonly BundleFile[];
}

export interface BundleFile {
  readonly name: string;
  /** Hex. */
  readonly sha256: string;
  /** Bytes. */
  readonly size: number;
}

export function manifestText(manifest: BundleManifest): string {
  return `${canonicalJson(manifest)}\n`;
}

/** Undefined when the text is not what `manifestText` writes. */
export function parseManifest(text: string): BundleManifest | undefined {
  try {
    const { schema, facts, head, recordedUntil, evidence, files } = JSON.parse(text) as BundleManifest;
    if (schema !== 'suture/ledger-bundle/1' || (evidence !== 'all' && evidence !== 'inventories')) return undefined;
    const known: BundleManifest = {
      schema,
      facts,
      head: { seq: head.seq, hash: head.hash },
      recordedUntil,
      evidence,
      files: files.map(({ name, sha256, size }) => ({ name, sha256, size })),
    };
    return manifestText(known) === text ? known : undefined;
  } catch {
    return undefined;
  }
}

/** Where evidence lies in a bundle. */
export function evidenceFile(digest: string): string {
  const hex = digest.slice('sha256:'.length);
  return `evidence/sha256/${hex.slice(0, 2)}/${hex}`;
}

export function keyFile(keyId: string): string {
  return `keys/${keyId}.pem`;
}
