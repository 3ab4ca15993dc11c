import type { Digest } from '../core/digest.ts';
import type { Fact, NewFact, ReleaseForm } from '../core/fact.ts';
import type { Pulse } from '../core/forecast/pulse.ts';
import type { EndedRun, PastRun } from '../core/forecast/stage-durations.ts';
import type { Reason, StepOutcome } from '../core/plan/step.ts';
import type { BoardRows } from '../core/promise/board-rows.ts';
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
  /** Those that are about any of these subjects, in order; what is about nothing else is not read. */
  factsAbout(wanted: WantedSubjects, recordedUntil?: Temporal.Instant): AsyncIterable<Fact>;
  /** The newest fact of each subject that starts so, in the order of the first fact of each. */
  newestOfEach(start: string, recordedUntil?: Temporal.Instant): Promise<readonly Fact[]>;
  head(): Promise<{ readonly seq: number; readonly hash: string }>;
}

/** Subjects as `core/ledger/subjects.ts` spells them. */
export interface WantedSubjects {
  readonly subjects: readonly string[];
  readonly startingWith?: readonly string[];
}

/** Payloads that lie in the store encrypted, or do not lie there any more. */
export interface WithheldStore {
  /** Everything that was ever sealed, in the order of the chain. */
  sealed(): Promise<readonly SealedPayload[]>;
  /** Keeps a sealed payload in the clear from now on. */
  reveal(seq: number, payloadText: string): Promise<void>;
  /** Removes a payload for good, also from where the engine keeps what was deleted. */
  erase(seq: number): Promise<void>;
}

export interface SealedPayload {
  readonly seq: number;
  readonly until: Temporal.Instant;
  /** Null once it is open. */
  readonly box: string | null;
}

/** Keeps secrets with a key of its own. */
export interface Vault {
  /** Hex that nobody can compute without the key; the same for the same text. */
  salt(text: string): string;
  seal(text: string, about: string): string;
  /** E0303 when the key is another one, or the box was not made for `about`. */
  open(box: string, about: string): string;
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
  /** Holds on to it for another while, counted from now; false when the lease was lost meanwhile. */
  renew(lease: Lease, seconds: number): Promise<boolean>;
  /** Gives it back without an outcome, so that another worker need not wait for the lease to run out. */
  release(lease: Lease): Promise<void>;
  /** Records the outcome; refused when the lease was lost meanwhile. */
  finish(lease: Lease, outcome: StepOutcome): Promise<boolean>;
  outcome(key: string): Promise<StepOutcome | undefined>;
  /** Outcomes recorded after `change` by any worker, 0 = all there are: a running factory takes in only what is new. */
  outcomesSince(change: number): Promise<OutcomeNews>;
}

export interface OutcomeNews {
  /** By step key. */
  readonly outcomes: ReadonlyMap<string, StepOutcome>;
  /** What to ask with the next time. */
  readonly change: number;
}

export interface Lease {
  readonly key: string;
  readonly worker: string;
  readonly attempt: number;
}

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

/** What workers did, for people; outside the chain, and the oldest entries make room for new ones. */
export interface OperationsLog {
  append(entry: OperationEntry): Promise<void>;
  /** Newest first, at most `limit`. */
  list(limit: number): Promise<readonly OperationEntry[]>;
}

/** What is asked of the operations log by whoever measures. */
export interface RunQuestions {
  /** Steps that ran to their end, the newest ones. */
  lastRuns(): Promise<readonly PastRun[]>;
  /** What was run for these recipes and lines, done or failed, oldest first. */
  runsOf(targets: readonly string[]): Promise<readonly EndedRun[]>;
}

export interface OperationEntry {
  readonly at: Temporal.Instant;
  /** Key or name of the step. */
  readonly step: string;
  readonly message: string;
  readonly level: 'info' | 'warning' | 'error';
  /** Where it is about a step that ended: which, and how long it ran. */
  readonly run?: PastRun;
}

/** Signs of life of the factory, for people and monitors: the newest only, outside the chain. */
export interface PulseStore {
  note(pulse: Pulse): Promise<void>;
  /** Still at work on a step that takes its time. */
  beat(at: Temporal.Instant): Promise<void>;
}

/** Why open obligations stand where they stand, as the plan said, and since when; people ask long after. */
export interface ReasonStore {
  /** Each is in force from `at` on, until the next of its obligation. */
  note(at: Temporal.Instant, reasons: readonly Reason[]): Promise<void>;
  /** The one in force at an instant, by obligation. */
  inForce(
    wanted: readonly { readonly obligation: string; readonly at: Temporal.Instant }[],
  ): Promise<ReadonlyMap<string, NotedReason>>;
  /** All that was noted about one obligation, oldest first. */
  history(obligation: string): Promise<readonly (NotedReason & { readonly from: Temporal.Instant })[]>;
}

export type NotedReason = Pick<Reason, 'who' | 'text'>;

/** The newest look at each upstream and form, so that looks with the same answer become one fact. */
export interface LookStore {
  /** Undefined before the first look. */
  lastLooked(upstream: string, form: ReleaseForm): Promise<Look | undefined>;
  /** Never goes back: a look older than the recorded one changes nothing. */
  recordLook(upstream: string, form: ReleaseForm, at: Temporal.Instant, versionsDigest: string): Promise<void>;
}

export interface Look {
  readonly at: Temporal.Instant;
  /** Digest over the versions seen. */
  readonly versionsDigest: string;
}
