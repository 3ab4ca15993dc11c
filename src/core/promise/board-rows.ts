import type { Obligation } from './standing.ts';

/** What a board needs to be drawn: rows in order, and counts over everything that the rows stand for. */
export interface BoardRows {
  /** Open ones first by deadline; at most the asked number for each standing. */
  readonly obligations: readonly Obligation[];
  /** How many obligations have each standing, over all rows. */
  readonly counts: Readonly<Record<string, number>>;
  /** Smallest margin among the missed, for the summary line. */
  readonly worstMarginSeconds: number | null;
}
