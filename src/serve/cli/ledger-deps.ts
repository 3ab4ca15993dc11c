import type { ChainFinding } from '../../core/ledger/chain-finding.ts';
import type { ChainEntry } from '../../core/ledger/envelope.ts';
import type { ChainHead, SignedHead } from '../../core/ledger/head-signing.ts';
import type { SignedCount } from '../../core/ledger/signed-heads.ts';
import type { ChainPosition } from '../../core/ledger/verify-chain.ts';

/** What `suture ledger` asks for. */
export interface LedgerDeps {
  /** The chain as it is stored, after a place, up to an instant. */
  entries(after: number, until?: Temporal.Instant): Promise<AsyncIterable<ChainEntry>>;
  head(): Promise<ChainHead>;
  /** Until when facts are sealed, by place. */
  sealedUntil(): Promise<ReadonlyMap<number, string>>;
  /** Of this store, or of an exported ledger in a folder. */
  verify(options: VerifyOptions): Promise<LedgerAnswer>;
  export(options: {
    readonly folder: string;
    readonly withEvidence: boolean;
    readonly until: Temporal.Instant | null;
  }): Promise<{
    readonly facts: number;
    readonly head: ChainHead;
    readonly files: readonly { readonly size: number }[];
    /** A head was signed for it first. */
    readonly signedNow: boolean;
  }>;
  import(options: {
    readonly folder: string;
    readonly keys: readonly string[];
    /** Facts at the end that may be signed by nobody. */
    readonly unsignedMax: number;
  }): Promise<LedgerAnswer>;
  evidence(digest: string): Promise<'whole' | 'missing' | 'damaged'>;
  /** Null when nothing happened since the newest signed head. */
  sign(): Promise<SignedHead | null>;
  /** Opens one fact, or all whose date has come; their places. */
  open(seq: number | null): Promise<readonly number[]>;
  erase(which: {
    readonly seq: number;
    readonly reason: string;
    readonly by: string;
  }): Promise<{ readonly id: string }>;
  close(): Promise<void>;
}

export interface VerifyOptions {
  readonly bundle: string | null;
  /** Files of public keys. */
  readonly keys: readonly string[];
  readonly heads: readonly ChainHead[];
  readonly withEvidence: boolean;
  /** Facts at the end of an exported ledger that may be signed by nobody; undefined = none where a key is trusted. */
  readonly unsignedMax: number | undefined;
  /** Now and then, how many facts were verified so far. */
  readonly onProgress: (facts: number) => void;
}

export interface LedgerAnswer {
  readonly findings: readonly ChainFinding[];
  readonly signed: SignedCount;
  readonly withheld: { readonly sealed: number; readonly erased: number };
  readonly evidenceChecked: number | null;
  readonly end: ChainPosition;
  /** Whose keys the signatures were checked with: named for it, of the catalog, or only those that came along. */
  readonly keys: 'named' | 'catalog' | 'bundle';
}
