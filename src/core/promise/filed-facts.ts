import type { FactOf, FactType } from '../fact.ts';
import { invariant } from '../invariant.ts';
import { PackedIds } from '../ledger/packed-ids.ts';
import type { Dated } from './dated.ts';
import type { LineHistory, RecordHistory, UpstreamHistory } from './history.ts';
import type { Millis } from './instant.ts';

/** Whose timelines a dated fact belongs to; none has an object for it alone. */
export type Subject = RecordHistory | UpstreamHistory | LineHistory | Aliases | Policies;

interface Aliases {
  readonly kind: 'aliases';
}

interface Policies {
  readonly kind: 'policies';
}

/**
 * Dated facts by their ids, for whoever corrects or erases one. There are as many as the ledger is long, and all of them
 * stay: what each has lies packed, in half of the memory that texts and numbers of their own would take.
 */
export class FiledFacts {
  readonly #columns: Columns = { ids: new PackedIds(), pages: [] };
  /** By row; undefined where a fact was removed. */
  readonly #subjects: (Subject | undefined)[] = [];

  file<S>(fact: FactOf<FactType>, { says, subject }: { readonly says: S; readonly subject: Subject }): Dated<S> {
    const columns = this.#columns;
    const row = columns.ids.add(fact.id);
    const times = timesAt(columns, row);
    times[SEQ] = fact.seq;
    times[RECORDED_AT] = fact.recordedAt.epochMilliseconds;
    times[FROM] = fact.at.from.epochMilliseconds;
    times[TO] = fact.at.to.epochMilliseconds;
    this.#subjects[row] = subject;
    return new PackedFact(columns, row, says);
  }

  /** Undefined where no such fact was filed, or it was removed. */
  subjectOf(id: string): Subject | undefined {
    const row = this.#columns.ids.find(id);
    return row === undefined ? undefined : this.#subjects[row];
  }

  /** Says when the fact of that id, which was filed, happened. */
  move(id: string, { from, to }: { readonly from: Millis; readonly to: Millis }): void {
    const row = this.#columns.ids.find(id);
    invariant(row !== undefined, `fact ${id} was filed`);
    const times = timesAt(this.#columns, row);
    times[FROM] = from;
    times[TO] = to;
  }

  remove(id: string): void {
    const row = this.#columns.ids.find(id);
    if (row !== undefined) this.#subjects[row] = undefined;
  }
}

interface Columns {
  readonly ids: PackedIds;
  /** The four numbers of each row, one after the other, `ROWS_PER_PAGE` rows in each: no row is ever copied to another place. */
  readonly pages: Float64Array[];
}

const [SEQ, RECORDED_AT, FROM, TO] = [0, 1, 2, 3];
const TIMES = 4;
const ROWS_PER_PAGE = 4096;

/** No more than it needs to find its row. */
class PackedFact<S> implements Dated<S> {
  readonly says: S;
  readonly #columns: Columns;
  readonly #row: number;

  constructor(columns: Columns, row: number, says: S) {
    this.says = says;
    this.#columns = columns;
    this.#row = row;
  }

  get fact(): string {
    return this.#columns.ids.at(this.#row);
  }

  get seq(): number {
    return timeOf(this.#columns, this.#row, SEQ);
  }

  get recordedAt(): Millis {
    return timeOf(this.#columns, this.#row, RECORDED_AT);
  }

  get from(): Millis {
    return timeOf(this.#columns, this.#row, FROM);
  }

  get to(): Millis {
    return timeOf(this.#columns, this.#row, TO);
  }
}

/** No method of the class: private ones cost each of its objects a word. */
function timeOf({ pages }: Columns, row: number, which: number): number {
  return pages[Math.floor(row / ROWS_PER_PAGE)]?.[(row % ROWS_PER_PAGE) * TIMES + which] ?? 0;
}

function timesAt({ pages }: Columns, row: number): Float64Array {
  const page = (pages[Math.floor(row / ROWS_PER_PAGE)] ??= new Float64Array(ROWS_PER_PAGE * TIMES));
  const start = (row % ROWS_PER_PAGE) * TIMES;
  return page.subarray(start, start + TIMES);
}
