/** Marks of images. */
const CURRENT = 0;
const GONE = 1;
const FOUND = 2;

/** Few enough that to put them away is never noticed. */
const SINCE_MAX = 500_000;

/** Which images hold each component: one row of numbers for all, and short lists for images that came since. */
export class Postings {
  /** Of each image. */
  #lines: string[] = [];
  #marks = new Uint8Array(64);
  readonly #current = new Map<string, number>();
  /** Where each component's images begin in `#images`, and where the last one's end. */
  #starts = new Uint32Array(1);
  #images = new Uint32Array(0);
  #since = new Map<number, number[]>();
  #sinceCount = 0;

  /** The line's image from now on, with the numbers of the components in it, each once. */
  put(line: string, components: Iterable<number>): void {
    this.remove(line);
    const image = this.#lines.push(line) - 1;
    if (image >= this.#marks.length) this.#marks = grown(this.#marks);
    this.#current.set(line, image);
    for (const component of components) {
      const images = this.#since.get(component);
      if (images === undefined) this.#since.set(component, [image]);
      else images.push(image);
      this.#sinceCount += 1;
    }
    // Only when they are as many as all before: so each is moved a few times, however many there will be.
    if (this.#sinceCount > Math.max(SINCE_MAX, this.#images.length)) this.#merge();
  }

  remove(line: string): void {
    const image = this.#current.get(line);
    if (image === undefined) return;
    this.#marks[image] = GONE;
    this.#current.delete(line);
  }

  isHeld(component: number): boolean {
    const end = this.#starts[component + 1] ?? 0;
    for (let at = this.#starts[component] ?? end; at < end; at += 1) {
      if (this.#marks[this.#images[at] ?? 0] === CURRENT) return true;
    }
    return this.#since.get(component)?.some((image) => this.#marks[image] === CURRENT) ?? false;
  }

  /** Lines whose image holds any of them. */
  linesOf(components: Iterable<number>): readonly string[] {
    const found: number[] = [];
    for (const component of components) {
      if (found.length === this.#current.size) break;
      const end = this.#starts[component + 1] ?? 0;
      this.#find(this.#images, { from: this.#starts[component] ?? end, to: end, found });
      const since = this.#since.get(component);
      if (since !== undefined) this.#find(since, { from: 0, to: since.length, found });
    }
    for (const image of found) this.#marks[image] = CURRENT;
    return found.map((image) => this.#lines[image] ?? '');
  }

  /** Millions of numbers pass here for one look-up about a package that everything holds. */
  #find(images: ArrayLike<number>, { from, to, found }: { from: number; to: number; found: number[] }): void {
    const marks = this.#marks;
    for (let at = from; at < to; at += 1) {
      const image = images[at] ?? 0;
      if (marks[image] !== CURRENT) continue;
      marks[image] = FOUND;
      found.push(image);
    }
  }

  /** One row again, without images that are gone. */
  #merge(): void {
    const numbers = this.#renumber();
    const count = [...this.#since.keys()].reduce((most, each) => Math.max(most, each + 1), this.#starts.length - 1);
    const starts = new Uint32Array(count + 1);
    const images = new Uint32Array(this.#images.length + this.#sinceCount);
    let length = 0;
    for (let component = 0; component < count; component += 1) {
      const before = this.#images.subarray(this.#starts[component] ?? 0, this.#starts[component + 1] ?? 0);
      for (const part of [before, this.#since.get(component) ?? []]) {
        for (const image of part) {
          const number = numbers[image] ?? 0;
          if (number > 0) images[length++] = number - 1;
        }
      }
      starts[component + 1] = length;
    }
    this.#starts = starts;
    this.#images = images.slice(0, length);
    this.#since = new Map();
    this.#sinceCount = 0;
  }

  /** Gives images that count the lowest numbers. Answers the new number and one of each, 0 for those that are gone. */
  #renumber(): Uint32Array {
    const numbers = new Uint32Array(this.#lines.length);
    const lines: string[] = [];
    for (const [line, image] of this.#current) {
      numbers[image] = lines.push(line);
      this.#current.set(line, lines.length - 1);
    }
    this.#lines = lines;
    this.#marks = new Uint8Array(Math.max(64, lines.length * 2));
    return numbers;
  }
}

function grown(marks: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
  const larger = new Uint8Array(marks.length * 2);
  larger.set(marks);
  return larger;
}
