import { PackedIds } from './packed-ids.ts';

/** Where each id of a chain of millions stood. */
export interface SeenIds {
  /** The place where that id was seen before, 0 when never; from now on it is seen at `seq`, unless it was before. */
  see(id: string, seq: number): number;
}

export function seenIds(): SeenIds {
  const ids = new PackedIds();
  const seqs: number[] = [];
  return {
    see(id, seq) {
      const number = ids.add(id);
      const known = seqs[number];
      if (known === undefined) seqs[number] = seq;
      return known ?? 0;
    },
  };
}
