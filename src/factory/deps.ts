import type { Digest } from '../core/digest.ts';
import type { Fact, NewFact } from '../core/fact.ts';
import type { Catalog } from '../core/catalog/catalog.ts';
import type { Obligation } from '../core/promise/standing.ts';

/** The words in which stages say what they need; io/ fulfils them. A stage's own Deps pick from these. */

/** The one clock. */
export interface ClockDeps {
  now(): Temporal.Instant;
}

export interface FactStore {
  /** Appends what is new, in one sequencer transaction, and returns those facts; known ids are passed over. */
  append(facts: readonly NewFact[]): Promise<readonly Fact[]>;
  /** Facts in order, after `seq` (0 = from the start), optionally only those recorded up to an instant. */
  facts(after?: number, recordedUntil?: Temporal.Instant): AsyncIterable<Fact>;
  head(): Promise<{ readonly seq: number; readonly hash: string }>;
}

export interface BlobStore {
  /** Writes durably (file and folder synced) and returns the digest; writing the same bytes again is a no-op. */
  put(bytes: Uint8Array): Promise<Digest>;
  get(digest: Digest): Promise<Uint8Array | undefined>;
  has(digest: Digest): Promise<boolean>;
}

/** Results of idempotent steps, by the key of what was desired. Not part of the chain; may be dropped and redone. */
export interface StepStore {
  /** Takes the step for a while; undefined when another worker holds it. */
  lease(key: string, worker: string, seconds: number): Promise<Lease | undefined>;
  /** Records the outcome; refused when the lease was lost meanwhile. */
  finish(lease: Lease, outcome: StepOutcome): Promise<boolean>;
  outcome(key: string): Promise<StepOutcome | undefined>;
  outcomes(): Promise<ReadonlyMap<string, StepOutcome>>;
}

export interface Lease {
  readonly key: string;
  readonly worker: string;
  readonly attempt: number;
}

export type StepOutcome =
  | {
      readonly kind: 'done';
      readonly at: Temporal.Instant;
      readonly attempt: number;
      readonly result: Readonly<Record<string, unknown>>;
    }
  | {
      readonly kind: 'failed';
      readonly at: Temporal.Instant;
      readonly attempt: number;
      readonly code: string;
      readonly message: string;
      readonly retryAt: Temporal.Instant | null;
    };

/** Rows of the obligation projection; dropped and rebuilt at will. */
export interface ObligationStore {
  /** Writes what changed as of `recordedAt`: earlier rows of these obligations are closed, not removed. */
  project(
    recordedAt: Temporal.Instant,
    seq: number,
    changed: readonly Obligation[],
    gone: readonly string[],
  ): Promise<void>;
  projectedTo(): Promise<number>;
  clear(): Promise<void>;
  /** Standings depend on the clock as well: `now` decides between on-track and overdue. */
  board(query: BoardQuery): Promise<BoardRows>;
  /** All rows of one vulnerability or line, whole. */
  obligations(
    by: { readonly vulnerability?: string; readonly line?: string; readonly id?: string },
    asOf: Temporal.Instant | null,
  ): Promise<readonly Obligation[]>;
}

export interface BoardQuery {
  readonly now: Temporal.Instant;
  /** Rows as recorded at that instant; null = the newest. */
  readonly asOf: Temporal.Instant | null;
  readonly limit: number;
  readonly standings?: readonly string[];
}

export interface BoardRows {
  /** Open ones first by deadline; at most `limit` for each standing. */
  readonly obligations: readonly Obligation[];
  readonly counts: Readonly<Record<string, number>>;
  /** Smallest margin among the missed, for the summary line. */
  readonly worstMarginSeconds: number | null;
}

export interface CatalogDeps {
  catalog(): Promise<Catalog>;
}
