import type { AdvisoryRecord, AffectedPackage, AffectedRange } from './advisory.ts';

/** What one record says of one component, why, and what would mend it. */
export interface ComponentVerdict {
  readonly verdict: 'affected' | 'not-affected' | 'indeterminate';
  readonly record: AdvisoryRecord;
  /** Of the record's statements the one that decided: its ratings, channel and commits are those that count here. */
  readonly statement: AffectedPackage;
  readonly because: VerdictReason;
  /** The reason as a sentence: `1.2.3 is at or above 1.2.0 and below 1.2.5 in deb order`. */
  readonly words: string;
  /** The lowest version that every statement of the record leaves alone; null where it names none that can be had. */
  readonly fixedIn: string | null;
}

/** Which part of the record decided. */
export type VerdictReason =
  | { readonly kind: 'range'; readonly range: AffectedRange }
  | { readonly kind: 'named'; readonly version: string }
  /** The record says so outright: not affected, or nobody knows. */
  | { readonly kind: 'stated' }
  /** Outside of every range: of the nearest that ends below it, else of one that begins above, else none of those named. */
  | { readonly kind: 'outside'; readonly side: 'fixed' | 'above' | 'below'; readonly range: AffectedRange }
  | { readonly kind: 'outside'; readonly side: 'unnamed'; readonly range: null }
  /** Nothing that is read here covers it, but the record has ranges of kinds that are not read. */
  | { readonly kind: 'unread'; readonly ranges: number }
  /** Every affected part is for other systems than the image's. */
  | { readonly kind: 'elsewhere' }
  /** The affected code is in none of the programs. */
  | { readonly kind: 'not-linked' }
  | { readonly kind: 'withdrawn' };

/** Where the component runs and who it is for. Nothing that is absent narrows a verdict. */
export interface VerdictOptions {
  /** `linux`. */
  readonly os?: string;
  /** `amd64`, `x86_64`: all names of an architecture are the same. */
  readonly architecture?: string;
  /** Paid channels whose fixes can be had: `pro`. */
  readonly paidChannels?: readonly string[];
}

/** Every image here runs on Linux. */
export const onLinux: VerdictOptions = { os: 'linux' };
