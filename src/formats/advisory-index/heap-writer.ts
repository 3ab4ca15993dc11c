import { Failure } from '../../core/failure.ts';
import { writeText } from './heap-text.ts';
import { HEAP_BYTES_MAX } from './layout.ts';

/** Collects the texts of a section; the same text is kept once. */
export class HeapWriter {
  #bytes = new Uint8Array(4096);
  /** Offset 0 is nothing. */
  #length = 1;
  readonly #offsets = new Map<string, number>();

  offsetOf(text: string): number {
    const known = this.#offsets.get(text);
    if (known !== undefined) return known;
    const offset = this.append(text);
    this.#offsets.set(text, offset);
    return offset;
  }

  /** One text right after what was written last, without looking whether it is there already. */
  append(text: string): number {
    const offset = this.#length;
    this.#makeRoom(text.length * 3 + 5);
    this.#length = writeText(this.#bytes, offset, text);
    return offset;
  }

  bytes(): Uint8Array {
    return this.#bytes.subarray(0, this.#length);
  }

  #makeRoom(bytes: number): void {
    const needed = this.#length + bytes;
    if (needed > HEAP_BYTES_MAX) throw new Failure('E0205', 'A feed is larger than one section of the index can hold');
    if (needed <= this.#bytes.length) return;
    const larger = new Uint8Array(Math.min(Math.max(needed, this.#bytes.length * 2), HEAP_BYTES_MAX));
    larger.set(this.#bytes);
    this.#bytes = larger;
  }
}
