import type { VersionScheme } from '../../core/match/advisory.ts';
import { isValidVersion, versionKey } from '../../core/version/compare.ts';
import type { HeapWriter } from './heap-writer.ts';

/** Stands for no bound among their numbers. */
export const NONE = -1;

/** Distinct versions of one section: each gets a number when it is first seen, with its place in the order. */
export class Bounds {
  readonly #texts: string[] = [];
  readonly #keys: string[] = [];
  readonly #valid: boolean[] = [];
  readonly #offsets: number[] = [];
  readonly #numbers = new Map<VersionScheme, Map<string, number>>();

  numberOf(scheme: VersionScheme, text: string): number {
    const ofScheme = this.#numbers.get(scheme) ?? new Map<string, number>();
    const known = ofScheme.get(text);
    if (known !== undefined) return known;
    this.#numbers.set(scheme, ofScheme);
    const number = this.#texts.push(text) - 1;
    this.#keys.push(versionKey(scheme, text));
    this.#valid.push(isValidVersion(scheme, text));
    ofScheme.set(text, number);
    return number;
  }

  isValid(number: number): boolean {
    return this.#valid[number] ?? true;
  }

  /** `none` says on which side of all versions lies what is no bound. */
  compare(a: number, b: number, none: -1 | 1): number {
    if (a === b) return 0;
    if (a === NONE || b === NONE) return a === NONE ? none : -none;
    const [left = '', right = ''] = [this.#keys[a], this.#keys[b]];
    return left < right ? -1 : left > right ? 1 : 0;
  }

  /** Where it is in the heap, from the first time on that this is asked: its key, and right after it what was written. */
  offsetOf(number: number, heap: HeapWriter): number {
    if (number === NONE) return 0;
    const known = this.#offsets[number];
    if (known !== undefined) return known;
    const offset = heap.append(this.#keys[number] ?? '');
    heap.append(this.#texts[number] ?? '');
    this.#offsets[number] = offset;
    return offset;
  }
}
