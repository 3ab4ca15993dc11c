import { Failure } from '../../core/failure.ts';
import type { AdvisoryRecord, AffectedPackage, AffectedRange, VersionScheme } from '../../core/match/advisory.ts';
import { isSpeaking } from '../../core/match/judge-statements.ts';
import { Bounds, NONE } from './bounds.ts';
import { GROUPS_MAX, RECORDS_MAX } from './layout.ts';
import { RecordRows } from './record-rows.ts';
import { Rows } from './rows.ts';
import type { RowPlace } from './rows.ts';
import { packStatement, statementTraits } from './traits.ts';
import type { HeapWriter } from './heap-writer.ts';

/** One package, as far as one stream and one order of versions go. */
export interface Group {
  readonly package: string;
  readonly stream: string | null;
  readonly scheme: VersionScheme;
}

interface Interval {
  readonly low: number;
  readonly high: number;
  /** The high end itself is affected. */
  readonly isClosed: boolean;
}

/** Records of one section taken apart into rows, each what one of them says of a group; nothing else is kept of them. */
export class SectionRows {
  readonly records: RecordRows;
  readonly groups: Group[] = [];
  readonly bounds = new Bounds();
  /** Low end, high end, whether the high end is inside. */
  readonly intervals = new Rows(3);
  /** Version. */
  readonly versions = new Rows(1);
  /** Introduced, fixed, last affected. */
  readonly oddRanges = new Rows(3);
  /** Whether nobody knows. */
  readonly stated = new Rows(1);
  readonly #groups = new Map<string, number[]>();

  constructor(heap: HeapWriter) {
    this.records = new RecordRows(heap);
  }

  add(record: AdvisoryRecord): void {
    const number = this.records.add(record);
    if (number >= RECORDS_MAX) throw tooLarge('records');
    if (record.withdrawn !== null) return;
    for (const affected of record.affected) {
      if (!isSpeaking(affected)) continue;
      const traits = packStatement(statementTraits(record, affected));
      this.#addAffected(affected, { group: this.#groupOf(affected), record: number, traits });
    }
  }

  /** Numbers of its makers count beside Go's: which of them speak of a version, only the whole record tells. */
  #addAffected(affected: AffectedPackage, place: RowPlace): void {
    const { scheme, verdict, ranges, versions, customRanges = [], unreadRanges = 0 } = affected;
    const intervals = [...ranges, ...customRanges].flatMap((range) => this.#addRange(scheme, range, place) ?? []);
    for (const version of versions) {
      const bound = this.bounds.numberOf(scheme, version);
      if (scheme === 'go' || !this.#isCovered(bound, intervals)) this.versions.push(place, bound);
    }
    if (verdict !== undefined) this.stated.push(place, Number(verdict === 'undetermined'));
    else if (unreadRanges > 0) this.stated.push(place, 1);
  }

  #addRange(scheme: VersionScheme, range: AffectedRange, place: RowPlace): Interval | undefined {
    const number = (bound: string | null): number => (bound === null ? NONE : this.bounds.numberOf(scheme, bound));
    const low = range.introduced === '0' ? NONE : number(range.introduced);
    const [fixed, last] = [number(range.fixed), number(range.lastAffected)];
    const isOrdered = [low, fixed, last].every((bound) => this.bounds.isValid(bound));
    if (!isOrdered || (fixed !== NONE && last !== NONE)) {
      this.oddRanges.push(place, low, fixed, last);
      return undefined;
    }
    const [high, isClosed] = fixed === NONE ? [last, last !== NONE] : [fixed, false];
    this.intervals.push(place, low, high, Number(isClosed));
    return { low, high, isClosed };
  }

  /**
   * Most databases name each version that their own ranges cover as well. Go is left out: there the same place in the
   * order may be judged differently (commits without tags).
   */
  #isCovered(version: number, intervals: readonly Interval[]): boolean {
    const { bounds } = this;
    if (!bounds.isValid(version)) return false;
    return intervals.some(({ low, high, isClosed }) => {
      const toHigh = bounds.compare(version, high, 1);
      return bounds.compare(low, version, -1) <= 0 && (toHigh < 0 || (isClosed && toHigh === 0));
    });
  }

  #groupOf({ package: name, stream, scheme }: AffectedPackage): number {
    const ofPackage = this.#groups.get(name) ?? [];
    const known = ofPackage.find((number) => {
      const group = this.groups[number];
      return group?.stream === stream && group.scheme === scheme;
    });
    if (known !== undefined) return known;
    const number = this.groups.push({ package: name, stream, scheme }) - 1;
    if (number >= GROUPS_MAX - 1) throw tooLarge('packages');
    if (ofPackage.push(number) === 1) this.#groups.set(name, ofPackage);
    return number;
  }
}

function tooLarge(what: string): Failure {
  return new Failure('E0205', `A feed has more ${what} than one section of the index can hold`);
}
