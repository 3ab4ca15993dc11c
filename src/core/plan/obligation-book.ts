import { isOpen, type Obligation } from '../promise/standing.ts';

/** The obligations of one line; another value as soon as one of them is another. */
export interface OfLine {
  readonly open: readonly Obligation[];
  /** Ended by a fix: each gets a receipt. */
  readonly ended: readonly Obligation[];
}

const NONE: OfLine = { open: [], ended: [] };

/** Obligations by id and by line, so that a plan sees at once which lines have others than before. */
export class ObligationBook {
  readonly #byId = new Map<string, Obligation>();
  readonly #byLine = new Map<string, OfLine>();

  constructor(obligations: Iterable<Obligation> = []) {
    for (const obligation of obligations) this.set(obligation);
  }

  get(id: string): Obligation | undefined {
    return this.#byId.get(id);
  }

  /** In the order in which they came. */
  values(): IterableIterator<Obligation> {
    return this.#byId.values();
  }

  ofLine(line: string): OfLine {
    return this.#byLine.get(line) ?? NONE;
  }

  /** Every line that has any. */
  lines(): IterableIterator<[string, OfLine]> {
    return this.#byLine.entries();
  }

  set(obligation: Obligation): void {
    const known = this.#byId.get(obligation.id);
    if (known === obligation) return;
    this.#byId.set(obligation.id, obligation);
    this.#regroup(obligation, obligation);
  }

  delete(id: string): void {
    const known = this.#byId.get(id);
    if (known === undefined) return;
    this.#byId.delete(id);
    this.#regroup(known, undefined);
  }

  #regroup({ id, line }: Obligation, by: Obligation | undefined): void {
    const { open, ended } = this.ofLine(line);
    const group: OfLine = {
      open: replaced(open, id, by && isOpen(by.standing) ? by : undefined),
      ended: replaced(ended, id, by && !isOpen(by.standing) && by.clock.t1 !== null ? by : undefined),
    };
    if (group.open.length + group.ended.length === 0) this.#byLine.delete(line);
    else this.#byLine.set(line, group);
  }
}

function replaced(all: readonly Obligation[], id: string, by: Obligation | undefined): readonly Obligation[] {
  const place = all.findIndex((each) => each.id === id);
  if (place < 0) return by === undefined ? all : [...all, by];
  return by === undefined ? all.toSpliced(place, 1) : all.with(place, by);
}
