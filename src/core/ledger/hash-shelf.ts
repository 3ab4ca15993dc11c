import { hexInto } from './packed-ids.ts';

/** The hash at each place of a chain of millions, 32 bytes each: signed heads name any place before their own. */
export interface HashShelf {
  keep(seq: number, hash: string): void;
  /** Hex; undefined where none was kept. */
  at(seq: number): string | undefined;
}

interface Block {
  readonly bytes: Uint8Array;
  /** 1 for each place of which there is a hash. */
  readonly kept: Uint8Array;
}

const BYTES = 32;
const PER_BLOCK = 4096;

export function hashShelf(): HashShelf {
  const blocks = new Map<number, Block>();
  const blockAt = (number: number): Block => {
    const block = blocks.get(number) ?? { bytes: new Uint8Array(PER_BLOCK * BYTES), kept: new Uint8Array(PER_BLOCK) };
    blocks.set(number, block);
    return block;
  };
  // A chain is read in order: most entries belong to the block of the one before.
  let newest: Block & { readonly number: number } = { number: 0, ...blockAt(0) };
  return {
    keep(seq, hash) {
      const number = Math.floor(seq / PER_BLOCK);
      if (newest.number !== number) newest = { number, ...blockAt(number) };
      const index = seq - number * PER_BLOCK;
      newest.kept[index] = hexInto(newest.bytes.subarray(index * BYTES, (index + 1) * BYTES), hash) ? 1 : 0;
    },
    at(seq) {
      const number = Math.floor(seq / PER_BLOCK);
      const index = seq - number * PER_BLOCK;
      const block = blocks.get(number);
      if (block?.kept[index] !== 1) return undefined;
      return block.bytes.subarray(index * BYTES, (index + 1) * BYTES).toHex();
    },
  };
}
