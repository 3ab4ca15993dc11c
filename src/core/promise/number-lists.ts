/** A stretch of a page that holds numbers of one list. */
export type EachRun = (page: Uint32Array, from: number, to: number) => void;

/**
 * Growing lists of numbers, each known by a number itself, in pages that they share: millions of numbers in arrays of their
 * own take twice as much memory, and are walked through at each collection of garbage.
 *
 * A list is a chain of chunks, each twice as long as the one before: three words that tell of it, then its numbers.
 */
export class NumberLists {
  readonly #pages: Uint32Array[] = [];
  /** Address of the first word that is free. No chunk has the address 0. */
  #free = 1;
  /** By list: the address of its newest chunk, 0 where it has none. */
  #newest = new Uint32Array(64);

  /** Appends a number of at most 32 bits. */
  push(list: number, value: number): void {
    const address = this.#newestOf(list);
    const page = this.#pages[address >>> PAGE_BITS];
    const at = address & PLACE_MASK;
    const [room, used] = address === 0 || page === undefined ? [0, 0] : [page[at + ROOM] ?? 0, page[at + USED] ?? 0];
    if (page === undefined || used === room) return this.#pushInNewChunk(list, value);
    page[at + HEAD_WORDS + used] = value;
    page[at + USED] = used + 1;
  }

  /** The number pushed last; undefined while there is none. */
  last(list: number): number | undefined {
    const address = this.#newestOf(list);
    if (address === 0) return undefined;
    const page = this.#pages[address >>> PAGE_BITS];
    const at = address & PLACE_MASK;
    return page?.[at + HEAD_WORDS + (page[at + USED] ?? 0) - 1];
  }

  /** All numbers of a list; the stretches come newest first, each of them in the order of pushing. */
  eachRun(list: number, run: EachRun): void {
    for (let address = this.#newestOf(list); address !== 0; ) {
      const page = this.#pages[address >>> PAGE_BITS];
      if (page === undefined) return;
      const at = address & PLACE_MASK;
      run(page, at + HEAD_WORDS, at + HEAD_WORDS + (page[at + USED] ?? 0));
      address = page[at + BEFORE] ?? 0;
    }
  }

  #newestOf(list: number): number {
    return list < this.#newest.length ? (this.#newest[list] ?? 0) : 0;
  }

  #pushInNewChunk(list: number, value: number): void {
    const before = this.#newestOf(list);
    const room = Math.min(ROOM_MAX, before === 0 ? ROOM_MIN : 2 * this.#roomAt(before));
    const { page, at, address } = this.#chunk(HEAD_WORDS + room);
    page.set([before, room, 1, value], at);
    if (list >= this.#newest.length) {
      const grown = new Uint32Array(2 * list);
      grown.set(this.#newest);
      this.#newest = grown;
    }
    this.#newest[list] = address;
  }

  #roomAt(address: number): number {
    return this.#pages[address >>> PAGE_BITS]?.[(address & PLACE_MASK) + ROOM] ?? 0;
  }

  /** Words that nobody uses; a chunk lies in one page. */
  #chunk(words: number): { readonly page: Uint32Array; readonly at: number; readonly address: number } {
    const isTooLittle = (this.#free % PAGE_WORDS) + words > PAGE_WORDS;
    const address = isTooLittle ? Math.ceil(this.#free / PAGE_WORDS) * PAGE_WORDS : this.#free;
    const page = (this.#pages[address >>> PAGE_BITS] ??= new Uint32Array(PAGE_WORDS));
    this.#free = address + words;
    return { page, at: address & PLACE_MASK, address };
  }
}

const PAGE_BITS = 16;
const PAGE_WORDS = 2 ** PAGE_BITS;
const PLACE_MASK = PAGE_WORDS - 1;
const [ROOM_MIN, ROOM_MAX] = [16, 2 ** 12];
/** What a chunk begins with: the address of the one before it, how many numbers it has room for, how many it holds. */
const [BEFORE, ROOM, USED, HEAD_WORDS] = [0, 1, 2, 3];
