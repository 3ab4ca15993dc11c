import type { Row, Why } from './row.ts';
import type { TimelineEvent } from './timeline.ts';

/** An account of one thing: what it is, what is known of it and since when, whom it concerns, on which facts. */
export interface Account {
  readonly notice: string | null;
  readonly now: Temporal.Instant;
  readonly kind: 'fact' | 'figure' | 'upstream';
  readonly title: string;
  readonly about: string;
  readonly points: readonly Point[];
  /** Why nothing more is done about it, and who can move it; null where nothing is wanted. */
  readonly why: Why | null;
  /** No number without its rows. */
  readonly rows: readonly Row[];
  /** How many rows there are; `rows` may be fewer. */
  readonly count: number;
  readonly events: readonly TimelineEvent[];
  readonly next: string | null;
}

export interface Point {
  readonly label: string;
  readonly text: string;
  readonly at: Temporal.Instant | null;
}
