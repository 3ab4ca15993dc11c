import { sha256 } from '../../core/ledger/sha256.ts';

/** What an auditor drew: anybody who draws again with the same seed gets the same. */
export interface Sample {
  readonly size: number;
  readonly seed: string;
  /** Obligation ids in the order in which they were drawn. */
  readonly ids: readonly string[];
}

/**
 * Draws without replacement, and without our having a say: the ids in ascending order of SHA-256(seed, line feed, id) as
 * hex, as many as were asked for. A population that grows keeps the order of what was in it.
 */
export function sampleOf(ids: readonly string[], size: number, seed: string): Sample {
  const drawn = ids.map((id) => ({ id, lot: sha256(`${seed}\n${id}`) }));
  drawn.sort((a, b) => (a.lot < b.lot ? -1 : a.lot > b.lot ? 1 : 0));
  return { size, seed, ids: drawn.slice(0, size).map(({ id }) => id) };
}
