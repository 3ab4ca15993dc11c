import type { AffectedRange } from '../../core/match/advisory.ts';
import type { RecordTraits, StatementTraits } from './traits.ts';

/** What is asked: does anything speak of this version? It is compared in the order that each statement names. */
export interface IndexQuery {
  /** A purl without version and qualifiers, a component's `upstream`. */
  readonly package: string;
  readonly stream: string;
  readonly version: string;
}

/** What one record says of the version: the strongest of its statements, `affected` before all others. */
export interface IndexHit extends StatementTraits, RecordTraits {
  readonly id: string;
  readonly source: string;
  readonly aliases: readonly string[];
  /** Vulnerabilities that a notice is about. */
  readonly upstream: readonly string[];
  /** Place of the record among those that its section was made of. */
  readonly position: number;
  /** `not-affected` only where the record says so itself: what merely lies outside its ranges is no hit. */
  readonly verdict: 'affected' | 'not-affected' | 'indeterminate';
  readonly because: HitReason;
  /** The release that ends the range that decided. */
  readonly fixed: string | null;
}

/** Which part of the statement decided; `stated`: it says so outright, that it is not affected or that not all is known. */
export type HitReason =
  | { readonly kind: 'range'; readonly range: AffectedRange }
  | { readonly kind: 'named'; readonly version: string }
  | { readonly kind: 'stated' };

/** Whether `a` says more than `b`: by verdict, then by naming the release that fixes it. */
export function isStronger(a: Pick<IndexHit, 'verdict' | 'fixed'>, b: Pick<IndexHit, 'verdict' | 'fixed'>): boolean {
  if (a.verdict !== b.verdict) return STRENGTH[a.verdict] > STRENGTH[b.verdict];
  return a.fixed !== null && b.fixed === null;
}

const STRENGTH = { affected: 2, indeterminate: 1, 'not-affected': 0 } as const;
