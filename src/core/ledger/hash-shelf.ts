import { hexInto } from './seen-ids.ts';

/** The hash at each place of a chain of millions, 32 bytes each: signed heads name any place before their own. */
export interface HashShelf {
  keep(seq: number, hash: string): void;
  /** Hex; undefined where none was kept. */
  at(seq: number): string | undefined;
}

const BYTES = 32;
const PER_BLOCK = 4096;

export function hashShelf(): HashShelf {
  const blocks = new Map<number, { readonly bytes: Uint8Array; readonly kept: Uint8Array }>();
  return {
    keep(seq, hash) {
      const number = Math.floor(seq / PER_BLOCK);
      const block = blocks.get(number) ?? { bytes: new Uint8Array(PER_BLOCK * BYTES), kept: new Uint8Array(PER_BLOCK) };
      blocks.set(number, block);
      const index = seq - number * PER_BLOCK;
      block.kept[index] = hexInto(block.bytes.subarray(index * BYTES, (index + 1) * BYTES), hash) ? 1 : 0;
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
