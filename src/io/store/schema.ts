import type { Generated } from 'kysely';

/**
 * The tables, the same in both engines. Columns ending in `_us` hold instants as microseconds since 1970 (exact in a
 * JavaScript number until the year 2255): they serve to compare and to sort, the JSON beside them holds the exact text.
 */
export interface Tables {
  /** The chain. `recorded_us` is `recorded_at`; a payload lies in its own table so that it can be sealed or erased. */
  readonly facts: {
    readonly seq: number;
    readonly id: string;
    readonly type: string;
    readonly at_from: string;
    readonly at_to: string;
    readonly recorded_at: string;
    readonly recorded_us: number;
    readonly by: string;
    readonly payload_digest: string;
    readonly evidence: string;
    readonly prev: string;
    readonly hash: string;
  };
  /** Keyed by the fact's place, not by digest: read in order it costs no look-up, and a million facts are verified in seconds. */
  readonly payloads: { readonly seq: number; readonly json: string };

  /** What was sealed: encrypted (`box`) until it is opened, then in the clear (`json`). Such a fact has no row in `payloads`. */
  readonly sealed_payloads: {
    readonly seq: number;
    readonly until: string;
    readonly box: string | null;
    readonly json: string | null;
  };

  /** What each fact is about, as `subjectsOf` says; nothing of what is sealed or erased. */
  readonly fact_subjects: { readonly subject: string; readonly seq: number };
  /** One row: by which form of subjects the whole ledger is indexed; 0 = it is not yet. */
  readonly fact_subjects_form: { readonly one: number; readonly form: number };

  readonly steps: {
    readonly key: string;
    readonly worker: string | null;
    readonly attempt: number;
    readonly leased_until_us: number | null;
    readonly outcome: string | null;
    /** Grows with each outcome recorded, in the order of commits; 0 = none yet. */
    readonly changed: number;
  };

  /** One row for each version of an obligation; `recorded_to_us` null = the newest. */
  readonly obligations: {
    readonly id: string;
    readonly recorded_from_us: number;
    readonly recorded_to_us: number | null;
    readonly vulnerability: string;
    readonly line: string;
    readonly severity: string;
    readonly standing: string;
    /** Order on the board among rows of the same standing: deadline first, or newest end first. */
    readonly rank: number;
    readonly t0_us: number | null;
    readonly due_us: number | null;
    readonly t1_us: number | null;
    readonly missed_us: number | null;
    readonly margin_seconds: number | null;
    /** When an open obligation's waiver expires; null where time will not change the standing in that way. */
    readonly waiver_until_us: number | null;
    readonly json: string;
  };
  /** Other ids of an obligation's vulnerability, of any time. */
  readonly obligation_aliases: { readonly alias: string; readonly id: string };
  /** How many newest rows have each standing, as projected. */
  readonly obligation_counts: { readonly standing: string; readonly n: number };
  /** One row: the seq up to which facts are projected. */
  readonly projection: { readonly one: number; readonly seq: number };

  readonly operations: {
    readonly id: Generated<number>;
    readonly at: string;
    readonly step: string;
    readonly message: string;
    readonly level: string;
    /** Of entries about a step that ended. */
    readonly kind: string | null;
    readonly target: string | null;
    readonly seconds: number | null;
  };
  /** One row: the last sign of life. */
  readonly pulse: { readonly one: number; readonly at: string; readonly json: string };
  readonly looks: {
    readonly upstream: string;
    readonly form: string;
    readonly at: string;
    readonly at_us: number;
    readonly versions_digest: string;
  };
  readonly reasons: {
    readonly obligation: string;
    readonly from_us: number;
    readonly who: string;
    readonly text: string;
  };
  /** One row: who holds, or last held, the daemon's lock. For words only; the lock itself is the engine's. */
  readonly daemon_holder: {
    readonly one: number;
    readonly pid: number;
    readonly host: string;
    readonly since: string;
  };
  readonly schema_versions: { readonly version: number; readonly name: string; readonly applied_at: string };
}
