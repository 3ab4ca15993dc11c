import type { ChainEntry } from './envelope.ts';

/** An entry, and whether what it says counts: what was sealed counts from the fact that states it again. */
export interface SaidEntry {
  readonly entry: ChainEntry;
  readonly isSaid: boolean;
}

/** Reads a chain in order, one entry behind: a fact that seals another stands directly after it. */
export class SaidEntries {
  #last: ChainEntry | undefined;

  /** Takes the next entry, and returns the one before it. */
  next(entry: ChainEntry): readonly SaidEntry[] {
    const before = this.#last;
    this.#last = entry;
    if (before === undefined) return [];
    return [{ entry: before, isSaid: before.payloadText !== null && factNamed(entry, 'payload-sealed') !== before.id }];
  }

  /** The last one. */
  end(): readonly SaidEntry[] {
    const last = this.#last;
    this.#last = undefined;
    return last === undefined ? [] : [{ entry: last, isSaid: last.payloadText !== null }];
  }
}

/** The id of the fact that an entry of that type is about. */
export function factNamed({ type, payloadText }: ChainEntry, wanted: string): string | undefined {
  if (type !== wanted || payloadText === null) return undefined;
  const { fact } = JSON.parse(payloadText) as { readonly fact?: unknown };
  return typeof fact === 'string' ? fact : undefined;
}
