import { isValidVersion, versionKey } from '../version/compare.ts';
import type { AffectedPackage, AffectedRange, VersionScheme } from './advisory.ts';
import { judge } from './match.ts';

const FEW = 8;

interface Entry {
  readonly version: string;
  readonly key: string;
  readonly number: number;
}

/** Versions of one package, each with a number, in an order that a range covers one piece of. */
export class OrderedVersions {
  readonly #scheme: VersionScheme;
  /** Only where there are many: most packages have few, and a map for each of them would weigh more than all else. */
  #numbers: Map<string, number> | undefined;
  /** What the scheme gives a place; sorted up to `#sorted`. */
  readonly #ordered: Entry[] = [];
  readonly #others: Entry[] = [];
  #isSorted = true;

  constructor(scheme: VersionScheme) {
    this.#scheme = scheme;
  }

  numberOf(version: string, next: () => number): number {
    const known = this.#known(version);
    if (known !== undefined) return known;
    const number = next();
    this.#numbers?.set(version, number);
    const entry = { version, key: versionKey(this.#scheme, version), number };
    if (!isValidVersion(this.#scheme, version)) this.#others.push(entry);
    else {
      this.#isSorted = this.#isSorted && (this.#ordered.at(-1)?.key ?? '') <= entry.key;
      this.#ordered.push(entry);
    }
    return number;
  }

  #known(version: string): number | undefined {
    if (this.#numbers !== undefined) return this.#numbers.get(version);
    for (const entries of [this.#ordered, this.#others]) {
      for (const entry of entries) if (entry.version === version) return entry.number;
    }
    if (this.#ordered.length + this.#others.length > FEW) {
      this.#numbers = new Map([...this.#ordered, ...this.#others].map((entry) => [entry.version, entry.number]));
    }
    return undefined;
  }

  /** Numbers of the versions that a statement about this package and stream covers. */
  addAffected(affected: AffectedPackage, into: Set<number>): void {
    const { scheme, ranges, versions } = affected;
    if (scheme !== this.#scheme) return this.#judgeEach([...this.#ordered, ...this.#others], affected, into);
    this.#sort();
    for (const range of ranges) this.#addRange(affected, range, into);
    for (const version of versions) this.#addNamed(version, into);
  }

  #addRange(affected: AffectedPackage, range: AffectedRange, into: Set<number>): void {
    const alone = { ...affected, stream: null, ranges: [range], versions: [] };
    const { introduced, fixed, lastAffected } = range;
    const isOpen = introduced === '0' && fixed === null && lastAffected === null;
    if (isOpen) this.#judgeEach(this.#others, alone, into);
    const bounds = [introduced === '0' ? null : introduced, fixed, lastAffected];
    if (!bounds.every((bound) => bound === null || isValidVersion(this.#scheme, bound))) return;
    const from = introduced === '0' ? 0 : this.#countBelow(introduced);
    const to = Math.min(
      fixed === null ? this.#ordered.length : this.#countBelow(fixed),
      lastAffected === null ? this.#ordered.length : this.#countUpTo(lastAffected),
    );
    for (let at = from; at < to; at += 1) {
      const entry = this.#ordered[at];
      // Commits of Go modules without tags have a place in the order that says nothing.
      if (entry !== undefined && (!mayBeDateless(affected, entry) || isAffected(alone, entry))) into.add(entry.number);
    }
  }

  #addNamed(version: string, into: Set<number>): void {
    const number = this.#known(version);
    if (number !== undefined) into.add(number);
    if (!isValidVersion(this.#scheme, version)) return;
    for (const entry of this.#ordered.slice(this.#countBelow(version), this.#countUpTo(version)))
      into.add(entry.number);
  }

  #judgeEach(entries: readonly Entry[], affected: AffectedPackage, into: Set<number>): void {
    for (const entry of entries) if (isAffected({ ...affected, stream: null }, entry)) into.add(entry.number);
  }

  #sort(): void {
    if (this.#isSorted) return;
    this.#ordered.sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0));
    this.#isSorted = true;
  }

  #countBelow(version: string): number {
    const key = versionKey(this.#scheme, version);
    return this.#countWhile((entry) => entry.key < key);
  }

  #countUpTo(version: string): number {
    const key = versionKey(this.#scheme, version);
    return this.#countWhile((entry) => entry.key <= key);
  }

  /** How many entries from the start on are so; the order must have all of those first. */
  #countWhile(isSo: (entry: Entry) => boolean): number {
    let [low, high] = [0, this.#ordered.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      const entry = this.#ordered[middle];
      if (entry !== undefined && isSo(entry)) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

function isAffected(affected: AffectedPackage, { version }: Entry): boolean {
  return judge(affected, version, '') === 'affected';
}

function mayBeDateless({ scheme }: AffectedPackage, { version }: Entry): boolean {
  return scheme === 'go' && /^v?0\.0\.0-/.test(version);
}
