import type { ChainEntry } from '../core/ledger/envelope.ts';
import type { ChainHead, SignedHead } from '../core/ledger/head-signing.ts';
import { inventoriesOf, restsOn } from '../core/ledger/rests-on.ts';
import { type EvidenceState, verifyLedger } from '../factory/ledger/verify-ledger.ts';
import { judgeHeads } from '../formats/ledger/judge-heads.ts';
import { type Bundle, readBundle, summaryFindings } from '../io/ledger/read-bundle.ts';
import { signedHeadOf } from '../io/ledger/write-bundle.ts';
import type { LedgerAnswer } from '../serve/cli/ledger-deps.ts';

export interface CheckOptions {
  /** Kept elsewhere. */
  readonly heads: readonly ChainHead[];
  readonly withEvidence: boolean;
  /** Facts at the end of an exported ledger that may be signed by nobody; absent: none, where there is a key to tell. */
  readonly unsignedMax?: number | undefined;
  /** Now and then, how many facts were verified so far. */
  readonly onProgress?: (facts: number) => void;
  /** Public keys by key id; `named` where somebody chose them for this check. */
  readonly trusted: { readonly keys: ReadonlyMap<string, string>; readonly named: boolean };
}

/** The ledger of this store. */
export async function checkLedger(
  chain: AsyncIterable<readonly ChainEntry[]>,
  options: CheckOptions & {
    readonly blobs: (digest: string) => Promise<EvidenceState>;
    readonly bytes: (digest: string) => Promise<Uint8Array>;
  },
): Promise<LedgerAnswer> {
  const { trusted, withEvidence, heads, blobs, bytes, onProgress } = options;
  const verdict = await verifyLedger(
    { chain, evidence: withEvidence ? blobs : null, bytes, onProgress },
    { heads, judge: judgeHeads([...trusted.keys.values()]), mustBeSigned: trusted.named },
  );
  return { ...verdict, keys: trusted.named ? 'named' : 'catalog' };
}

/** An exported one. Without a trusted key its signatures are checked with the keys that came along, which proves little. */
export async function checkBundle(folder: string, options: CheckOptions): Promise<LedgerAnswer> {
  return await checkOpened(await readBundle(folder), options);
}

export async function checkOpened(bundle: Bundle, options: CheckOptions): Promise<LedgerAnswer> {
  const { trusted, heads, withEvidence, onProgress } = options;
  const isTold = trusted.named || trusted.keys.size > 0;
  const keys = isTold ? trusted.keys : bundle.keys;
  // Whoever made the tail anew brings a key along as well: without one of the reader's own there is nothing to hold it against.
  const unsignedMax = options.unsignedMax ?? (isTold ? 0 : undefined);
  const signed: SignedHead[] = [];
  const needed = bundle.manifest.evidence === 'all' ? restsOn : inventoriesOf;
  const verdict = await verifyLedger(
    {
      chain: bundle.chain(),
      evidence: withEvidence ? (digest) => bundle.evidence(digest) : null,
      bytes: (digest) => bundle.evidenceBytes(digest),
      // What is sealed or erased did not bring along what it rests on.
      needed: (entry) => (entry.payloadText === null ? [] : needed(entry)),
      onEntry: (entry) => void signed.push(...signedHeadOf(entry)),
      onProgress,
    },
    { heads, judge: judgeHeads([...keys.values()]), mustBeSigned: trusted.named, unsignedMax },
  );
  const { seq, hash, recordedAt } = verdict.end;
  const trouble = bundle.lineTrouble();
  const summary = await summaryFindings(bundle, { head: { seq, hash }, recordedAt, heads: signed });
  return {
    ...verdict,
    findings: [...(trouble === undefined ? [] : [trouble]), ...verdict.findings, ...summary, ...bundle.findings],
    keys: trusted.named ? 'named' : trusted.keys.size > 0 ? 'catalog' : 'bundle',
  };
}
