import type { Catalog, Line } from '../catalog/catalog.ts';
import {
  type DesiredComposition,
  desiredComposition,
  emptyShelf,
  isSameList,
  listsFor,
  packageShelf,
  type PackageShelf,
  type ShelfList,
} from './composition.ts';
import type { Reason } from './step.ts';
import type { Stock } from './stock.ts';

interface Desired {
  shelf: PackageShelf;
  readonly lists: readonly ShelfList[];
  readonly composition: DesiredComposition;
}

interface Settled {
  readonly desired: DesiredComposition;
  readonly published: unknown;
  readonly confirmed: unknown;
  readonly reason: Reason;
}

/** What lines are to be made of, and which need nothing: known until one of their packages or images is another. */
export class LineMemory {
  #catalog: Catalog | undefined;
  #stock: Stock | undefined;
  #built = 0;
  #shelf: PackageShelf = emptyShelf;
  readonly #desired = new WeakMap<Line, Desired>();
  readonly #settled = new WeakMap<Line, Settled>();

  /** Puts the shelf in order when there are other packages or another catalog. */
  look({ catalog, stock }: { readonly catalog: Catalog; readonly stock: Stock }): void {
    if (catalog === this.#catalog && stock === this.#stock && stock.built === this.#built) return;
    this.#catalog = catalog;
    this.#stock = stock;
    this.#built = stock.built;
    this.#shelf = packageShelf(catalog, stock, this.#shelf);
  }

  desired(line: Line): DesiredComposition {
    const known = this.#desired.get(line);
    if (known?.shelf === this.#shelf) return known.composition;
    const lists = listsFor(line, this.#shelf);
    if (known !== undefined && isSameList(known.lists, lists)) {
      known.shelf = this.#shelf;
      return known.composition;
    }
    const composition = desiredComposition(line, this.#shelf);
    this.#desired.set(line, { shelf: this.#shelf, lists, composition });
    return composition;
  }

  /** The reason given when the line was settled; undefined when something of it changed since. */
  settled(line: Line, stock: Stock): Reason | undefined {
    const known = this.#settled.get(line);
    const isSettled =
      known !== undefined &&
      known.desired === this.desired(line) &&
      known.published === stock.published.get(line.line) &&
      known.confirmed === stock.confirmed.get(line.line);
    return isSettled ? known.reason : undefined;
  }

  /** Notes that nothing is left to do for the line as it is. */
  settle(line: Line, stock: Stock, reason: Reason): void {
    const published = stock.published.get(line.line);
    const confirmed = stock.confirmed.get(line.line);
    this.#settled.set(line, { desired: this.desired(line), published, confirmed, reason });
  }
}
