/**
 * What was said last under each key. A word may be erased later: then the one before it is the last again, as in a program
 * that starts anew and never saw it.
 */
export class LastWords<T> {
  readonly #said = new Map<string, readonly Word<T>[]>();

  get(key: string): T | undefined {
    return this.#said.get(key)?.at(-1)?.says;
  }

  *values(): IterableIterator<T> {
    for (const words of this.#said.values()) for (const { says } of words.slice(-1)) yield says;
  }

  /** `fact` is the id of the one that says it. */
  say(key: string, { fact, says }: Word<T>): void {
    this.#said.set(key, [...(this.#said.get(key) ?? []), { fact, says }]);
  }

  /** Nothing is said under that key any more. */
  end(key: string): void {
    this.#said.delete(key);
  }

  /** Whether that fact had said something. Seldom asked, so everything is looked through. */
  erase(fact: string): boolean {
    for (const [key, words] of this.#said) {
      const others = words.filter((word) => word.fact !== fact);
      if (others.length === words.length) continue;
      if (others.length === 0) this.#said.delete(key);
      else this.#said.set(key, others);
      return true;
    }
    return false;
  }
}

interface Word<T> {
  readonly fact: string;
  readonly says: T;
}
