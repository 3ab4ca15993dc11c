const BYTES = 32;
const FIRST_SLOTS = 1024;
const IDS_PER_PAGE = 4096;
const TEXTS_MAX = 16_384;

/**
 * Ids of a chain of millions, numbered from 0 in the order in which they come: 40 bytes an id where a Map of texts takes
 * 150. An open-addressed table (linear probing, at most half full) over ids kept one after the other, in pages: nothing is
 * copied as they become more, so nothing that was copied waits for a collection.
 */
export class PackedIds {
  #slots = new Uint32Array(FIRST_SLOTS);
  /** `IDS_PER_PAGE` ids each. */
  readonly #pages: Uint8Array[] = [];
  #count = 0;
  readonly #wanted = new Uint8Array(BYTES);
  /** What is no SHA-256 can only come from a chain that was changed, or from a test; it is compared all the same. */
  readonly #odd = new Map<string, number>();
  readonly #oddAt = new Map<number, string>();
  readonly #texts = new Map<number, string>();

  /** The number of an id; a new one where it was not known. */
  add(id: string): number {
    const known = this.find(id);
    if (known !== undefined) return known;
    if (this.#count * 2 >= this.#slots.length) this.#grow();
    const number = this.#count;
    this.#count += 1;
    if (hexInto(this.#wanted, id)) {
      const slot = this.#slotOf(this.#wanted);
      this.#bytesAt(number).set(this.#wanted);
      this.#slots[slot] = number + 1;
    } else {
      this.#odd.set(id, number);
      this.#oddAt.set(number, id);
    }
    return number;
  }

  /** Undefined where it was never added. */
  find(id: string): number | undefined {
    if (!hexInto(this.#wanted, id)) return this.#odd.get(id);
    const known = this.#slots[this.#slotOf(this.#wanted)] ?? 0;
    return known === 0 ? undefined : known - 1;
  }

  /** The id of that number. Thousands ask for few of them: those share a text. */
  at(number: number): string {
    const known = this.#oddAt.get(number) ?? this.#texts.get(number);
    if (known !== undefined) return known;
    if (this.#texts.size >= TEXTS_MAX) this.#texts.clear();
    const text = this.#bytesAt(number).toHex();
    this.#texts.set(number, text);
    return text;
  }

  #slotOf(bytes: Uint8Array): number {
    const slots = this.#slots;
    let slot = startOf(bytes) & (slots.length - 1);
    for (let at = slots[slot] ?? 0; at !== 0; at = slots[slot] ?? 0) {
      if (this.#isAt(at - 1, bytes)) break;
      slot = (slot + 1) & (slots.length - 1);
    }
    return slot;
  }

  #isAt(number: number, bytes: Uint8Array): boolean {
    const page = this.#pages[Math.floor(number / IDS_PER_PAGE)];
    const start = (number % IDS_PER_PAGE) * BYTES;
    for (let index = 0; index < BYTES; index += 1) if (page?.[start + index] !== bytes[index]) return false;
    return true;
  }

  #bytesAt(number: number): Uint8Array {
    const place = Math.floor(number / IDS_PER_PAGE);
    const page = (this.#pages[place] ??= new Uint8Array(IDS_PER_PAGE * BYTES));
    const start = (number % IDS_PER_PAGE) * BYTES;
    return page.subarray(start, start + BYTES);
  }

  #grow(): void {
    this.#slots = new Uint32Array(this.#slots.length * 2);
    for (let number = 0; number < this.#count; number += 1) {
      if (!this.#oddAt.has(number)) this.#slots[this.#slotOf(this.#bytesAt(number))] = number + 1;
    }
  }
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
function startOf(bytes: Uint8Array): number {
  const [a, b, c, d] = [bytes[0] ?? 0, bytes[1] ?? 0, bytes[2] ?? 0, bytes[3] ?? 0];
  return ((a << 24) | (b << 16) | (c << 8) | d) >>> 0;
}
