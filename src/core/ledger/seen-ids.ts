/** Where each id stood, for a chain of millions: 40 bytes an id where a Map of texts takes 150. */
export interface SeenIds {
  /** The place where that id was seen before, 0 when never; from now on it is seen at `seq`, unless it was before. */
  see(id: string, seq: number): number;
}

const BYTES = 32;
const FIRST_SLOTS = 1024;

/** An open-addressed table (linear probing, at most half full) over ids kept one after the other. */
export function seenIds(): SeenIds {
  const odd = new Map<string, number>();
  let slots = new Uint32Array(FIRST_SLOTS);
  let ids = new Uint8Array((FIRST_SLOTS / 2) * BYTES);
  let seqs = new Float64Array(FIRST_SLOTS / 2);
  let count = 0;
  const wanted = new Uint8Array(BYTES);

  const slotOf = (bytes: Uint8Array, offset: number): number => {
    let slot = startOf(bytes, offset) & (slots.length - 1);
    for (let at = slots[slot] ?? 0; at !== 0; at = slots[slot] ?? 0) {
      if (isSame(ids, (at - 1) * BYTES, { bytes, offset })) break;
      slot = (slot + 1) & (slots.length - 1);
    }
    return slot;
  };
  const grow = (): void => {
    ids = enlarged(ids, new Uint8Array(ids.length * 2));
    seqs = enlarged(seqs, new Float64Array(seqs.length * 2));
    slots = new Uint32Array(slots.length * 2);
    for (let index = 0; index < count; index += 1) slots[slotOf(ids, index * BYTES)] = index + 1;
  };

  return {
    see(id, seq) {
      if (!hexInto(wanted, id)) return seenOdd(odd, id, seq);
      const known = slots[slotOf(wanted, 0)] ?? 0;
      if (known !== 0) return seqs[known - 1] ?? 0;
      if (count * 2 >= slots.length) grow();
      ids.set(wanted, count * BYTES);
      seqs[count] = seq;
      count += 1;
      slots[slotOf(wanted, 0)] = count;
      return 0;
    },
  };
}

/** What is no SHA-256 can only come from a chain that was changed; it is compared all the same. */
function seenOdd(odd: Map<string, number>, id: string, seq: number): number {
  const known = odd.get(id);
  if (known === undefined) odd.set(id, seq);
  return known ?? 0;
}

/** Reads as many hex digits as there is room for; false when the text is anything else. */
export function hexInto(bytes: Uint8Array, text: string): boolean {
  if (text.length !== bytes.length * 2) return false;
  try {
    bytes.setFromHex(text);
    return true;
  } catch {
    return false;
  }
}

/** Ids are SHA-256: their first bytes are as good as any other hash of them. */
function startOf(bytes: Uint8Array, offset: number): number {
  const [a, b, c] = [bytes[offset] ?? 0, bytes[offset + 1] ?? 0, bytes[offset + 2] ?? 0];
  return ((a << 24) | (b << 16) | (c << 8) | (bytes[offset + 3] ?? 0)) >>> 0;
}

function isSame(
  ids: Uint8Array,
  at: number,
  { bytes, offset }: { readonly bytes: Uint8Array; readonly offset: number },
): boolean {
  for (let index = 0; index < BYTES; index += 1) if (ids[at + index] !== bytes[offset + index]) return false;
  return true;
}

function enlarged<T extends Uint8Array | Float64Array>(from: T, to: T): T {
  to.set(from);
  return to;
}
