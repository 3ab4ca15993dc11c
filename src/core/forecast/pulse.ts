import type { Queue } from './queue.ts';

/** A sign of life of the factory: when, what it has not seen for long, and what it is going to do. */
export interface Pulse {
  /** When the last turn was, or the last beat. */
  readonly at: Temporal.Instant;
  /** How long a look at feeds and upstreams lasts. */
  readonly lookEverySeconds: number;
  /** How many feeds and upstreams are looked at, and those whose last good look is long ago or failed. */
  readonly sources: { readonly watched: number; readonly late: readonly LateSource[] };
  readonly queue: Queue;
}

export interface LateSource {
  readonly kind: 'feed' | 'upstream';
  readonly name: string;
  /** The last good look of this process; null = none yet. */
  readonly lookedAt: Temporal.Instant | null;
  /** Looks in a row that failed. */
  readonly failures: number;
}
