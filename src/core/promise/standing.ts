import type { Severity, SeverityLevel } from '../match/advisory.ts';
import type { Architecture } from '../fact.ts';

export type Standing =
  | 'waiting'
  | 'fixed-early'
  | 'on-track'
  | 'overdue'
  | 'met'
  | 'missed'
  | 'not-affected'
  | 'void'
  | 'excluded'
  | 'not-covered';

/** The figures of one clock. Open: t1 and margin are null. */
export interface Clock {
  /** When the fixing release became available to this line; null while waiting. */
  readonly t0: Temporal.Instant | null;
  /** The deadline in force, clean time included. */
  readonly due: Temporal.Instant | null;
  readonly t1: Temporal.Instant | null;
  /** First instant open after the deadline; never taken back by anything but better evidence. */
  readonly missedAt: Temporal.Instant | null;
  readonly marginSeconds: number | null;
}

/** (vulnerability, line, upstream stream of the flawed component), with its own start, deadline and stop. */
export interface Claim {
  readonly upstream: string;
  readonly stream: string;
  readonly standing: Standing;
  readonly clock: Clock;
  /** Versions of the component that the line holds or held with the flaw. */
  readonly versions: readonly string[];
  readonly packages: readonly string[];
  /** The release that started the clock, with the fact that observed it. */
  readonly fix: { readonly version: string; readonly stream: string; readonly fact: string } | null;
  /** The fact that ended it: confirmation, statement, withdrawal. */
  readonly endedBy: string | null;
  readonly architectures: readonly ArchitectureClock[];
}

export interface ArchitectureClock {
  readonly architecture: Architecture;
  readonly standing: Standing;
  readonly clock: Clock;
  /** When these bytes held the flaw: [from confirmed, to confirmed clean or null = still]. */
  readonly exposures: readonly {
    readonly from: Temporal.Instant;
    readonly to: Temporal.Instant | null;
    readonly fromFact: string;
    readonly toFact: string | null;
  }[];
}

/** (vulnerability, line): its claims together; the unit of the promise. */
export interface Obligation {
  /** SHA-256 hex of (smallest id of the vulnerability, line). */
  readonly id: string;
  /** Smallest id of the alias class. */
  readonly vulnerability: string;
  /** All other ids. */
  readonly aliases: readonly string[];
  readonly summary: string;
  readonly line: string;
  readonly severity: RatedSeverity;
  readonly exploited: boolean;
  readonly standing: Standing;
  /** Of the claim that decides: the earliest open deadline, else the smallest margin. */
  readonly clock: Clock;
  /** The same figures under both readings of the start; the policy names the one that counts (`clock`). */
  readonly clocks: { readonly release: Clock; readonly releaseAndKnown: Clock };
  readonly claims: readonly Claim[];
  /** When we first knew: the earliest `recordedAt` at which advisory and exposure were both recorded. */
  readonly discoveredAt: Temporal.Instant;
  readonly waiver: { readonly approver: string; readonly reason: string; readonly until: Temporal.Instant } | null;
  readonly hold: { readonly approver: string; readonly reason: string; readonly until: Temporal.Instant } | null;
}

/** The rating that counts, with whose it is. */
export interface RatedSeverity {
  readonly level: SeverityLevel;
  /** Null when nobody rated it and the policy's `unscored` applies. */
  readonly by: Severity | null;
}

/** Whether the clock still runs or may run: neither ended nor taken out. */
export function isOpen(standing: Standing): boolean {
  return standing === 'waiting' || standing === 'on-track' || standing === 'overdue';
}
