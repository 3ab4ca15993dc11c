/** Keeps the last `bytesMax` bytes of a stream, and calls `overflow` once when there were more. */
export class Tail {
  readonly #bytesMax: number;
  readonly #overflow: () => void;
  #chunks: Uint8Array[] = [];
  #keptBytes = 0;
  droppedBytes = 0;

  constructor(bytesMax: number, overflow: () => void) {
    this.#bytesMax = bytesMax;
    this.#overflow = overflow;
  }

  push(bytes: Uint8Array): void {
    this.#chunks.push(bytes);
    this.#keptBytes += bytes.length;
    if (this.#keptBytes <= this.#bytesMax) return;
    if (this.droppedBytes === 0) this.#overflow();
    while (this.#keptBytes > this.#bytesMax) this.#dropFront();
  }

  get seenBytes(): number {
    return this.#keptBytes + this.droppedBytes;
  }

  bytes(): Uint8Array {
    return new Uint8Array(Buffer.concat(this.#chunks));
  }

  #dropFront(): void {
    const first = this.#chunks[0] ?? new Uint8Array(0);
    const excess = Math.min(first.length, this.#keptBytes - this.#bytesMax);
    if (excess === first.length) this.#chunks.shift();
    else this.#chunks[0] = first.subarray(excess);
    this.#keptBytes -= excess;
    this.droppedBytes += excess;
  }
}
