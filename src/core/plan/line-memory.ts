import { isSameList } from '../is-same-list.ts';
import type { Catalog, Line } from '../catalog/catalog.ts';
import {
  type DesiredComposition,
  desiredComposition,
  emptyShelf,
  listsFor,
  packageShelf,
  type PackageShelf,
} from './composition.ts';
import { debianComposition } from './debian-composition.ts';
import { noOffers, type Offers } from './offers.ts';
import { type RecordInForce, recordInForce, type RecordInput, staysInForce } from './digest-record.ts';
import type { Reason } from './step.ts';
import type { Stock } from './stock.ts';
import type { PlanInput } from './worklist.ts';

interface Desired {
  shelf: PackageShelf;
  offers: Offers;
  /** All that it rests on besides the line. */
  readonly basis: readonly unknown[];
  readonly composition: DesiredComposition;
}

interface Settled {
  readonly desired: DesiredComposition;
  readonly published: unknown;
  readonly confirmed: unknown;
  readonly record: RecordInForce;
  readonly reason: Reason;
}

/** What lines are to be made of, and which need nothing: known until one of their packages or images is another. */
export class LineMemory {
  #catalog: Catalog | undefined;
  #stock: Stock | undefined;
  #built = 0;
  #shelf: PackageShelf = emptyShelf;
  #offers: Offers = noOffers;
  readonly #desired = new WeakMap<Line, Desired>();
  readonly #settled = new WeakMap<Line, Settled>();
  readonly #reasons = new WeakMap<Line, Reason>();

  /** Puts the shelf in order when there are other packages or another catalog. */
  look({ catalog, stock, offers }: Pick<PlanInput, 'catalog' | 'stock' | 'offers'>): void {
    this.#offers = offers;
    if (catalog === this.#catalog && stock === this.#stock && stock.built === this.#built) return;
    this.#catalog = catalog;
    this.#stock = stock;
    this.#built = stock.built;
    this.#shelf = packageShelf(catalog, stock, this.#shelf);
  }

  desired(line: Line): DesiredComposition {
    const known = this.#desired.get(line);
    if (known?.shelf === this.#shelf && known.offers === this.#offers) return known.composition;
    const basis = this.#basisOf(line, known?.composition);
    if (known !== undefined && isSameList(known.basis, basis)) {
      known.shelf = this.#shelf;
      known.offers = this.#offers;
      return known.composition;
    }
    const composition = this.#compose(line);
    this.#desired.set(line, {
      shelf: this.#shelf,
      offers: this.#offers,
      basis: this.#basisOf(line, composition),
      composition,
    });
    return composition;
  }

  #compose(line: Line): DesiredComposition {
    if (line.format === 'apk' || this.#stock === undefined) return desiredComposition(line, this.#shelf);
    return debianComposition(line, { shelf: this.#shelf, offers: this.#offers, imported: this.#stock.imported });
  }

  /** What is only wanted may have been imported since; what is complete stays so. */
  #basisOf(line: Line, composition: DesiredComposition | undefined): readonly unknown[] {
    const lists = listsFor(line, this.#shelf);
    if (line.format === 'apk') return lists;
    const pools = line.architectures.map((architecture) => this.#offers.pool(line.suites, architecture));
    return [...lists, ...pools, this.#offers.absent, composition?.kind === 'import' ? this.#built : null];
  }

  /** The reason given when the line was settled; undefined when something of it changed since. */
  settled(line: Line, input: Pick<PlanInput, 'stock'> & RecordInput): Reason | undefined {
    const { stock } = input;
    const known = this.#settled.get(line);
    const isSettled =
      known !== undefined &&
      known.desired === this.desired(line) &&
      known.published === stock.published.get(line.line) &&
      known.confirmed === stock.confirmed.get(line.line) &&
      staysInForce(known.record, line, input);
    return isSettled ? known.reason : undefined;
  }

  /** Notes that nothing is left to do for the line as it is published; not while its record is to be written anew. */
  settle(line: Line, input: Pick<PlanInput, 'stock'> & RecordInput, reason: Reason): void {
    const published = input.stock.published.get(line.line);
    if (published === undefined) return;
    const record = recordInForce(line, published.digest, input);
    if (record === undefined) return;
    const confirmed = input.stock.confirmed.get(line.line);
    this.#settled.set(line, { desired: this.desired(line), published, confirmed, record, reason });
  }

  /** The same value as the turn before while it says the same: the reasons that rest on it need not be given anew. */
  sameAsBefore(line: Line, reason: Reason): Reason {
    const known = this.#reasons.get(line);
    if (known?.who === reason.who && known.text === reason.text) return known;
    this.#reasons.set(line, reason);
    return reason;
  }
}
