/** Takes a stream of chunks as bytes of the lengths that the reader asks for. */
export class ChunkReader {
  /** Bytes taken so far. */
  offset = 0;
  readonly #chunks: AsyncIterator<Uint8Array>;
  #left: Uint8Array = NOTHING;

  constructor(chunks: AsyncIterable<Uint8Array>) {
    this.#chunks = chunks[Symbol.asyncIterator]();
  }

  /** Fewer than `lengthBytes` only where the stream ends. `before` is what was taken of the same thing already. */
  async take(lengthBytes: number, before: Uint8Array = NOTHING): Promise<Uint8Array> {
    if (before.length === 0 && this.#left.length >= lengthBytes) return this.#cut(lengthBytes);
    const taken = Buffer.allocUnsafe(before.length + lengthBytes);
    taken.set(before);
    let end = before.length;
    while (end < taken.length && (await this.#refill())) {
      const piece = this.#cut(Math.min(taken.length - end, this.#left.length));
      taken.set(piece, end);
      end += piece.length;
    }
    return taken.subarray(0, end);
  }

  /** How many bytes were there to pass over. */
  async skip(lengthBytes: number): Promise<number> {
    let missing = lengthBytes;
    while (missing > 0 && (await this.#refill())) missing -= this.#cut(Math.min(missing, this.#left.length)).length;
    return lengthBytes - missing;
  }

  #cut(lengthBytes: number): Uint8Array {
    const piece = this.#left.subarray(0, lengthBytes);
    this.#left = this.#left.subarray(lengthBytes);
    this.offset += piece.length;
    return piece;
  }

  async #refill(): Promise<boolean> {
    while (this.#left.length === 0) {
      const next = await this.#chunks.next();
      if (next.done === true) return false;
      this.#left = next.value;
    }
    return true;
  }
}

const NOTHING = new Uint8Array(0);
