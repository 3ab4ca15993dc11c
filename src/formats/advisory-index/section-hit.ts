import type { HitReason, IndexHit } from './index-hit.ts';
import { RECORDS_MAX } from './layout.ts';
import type { Section } from './section.ts';
import { RECORD_TRAITS, unpackRecord, unpackStatement } from './traits.ts';
import type { RecordTraits, StatementTraits } from './traits.ts';

/** The row of a section that decided. */
export interface FoundRow {
  /** As its column has it: the record, and above it the traits of the statement. */
  readonly record: number;
  readonly verdict: IndexHit['verdict'];
  /** Number of the interval, or what decided where it is none. */
  readonly by: number | HitReason;
}

/** Texts are read from the section when they are asked for: most askers want the ids alone. */
export class SectionHit implements IndexHit {
  readonly verdict: IndexHit['verdict'];
  readonly position: number;
  readonly #section: Section;
  readonly #statement: number;
  readonly #by: number | HitReason;

  constructor(section: Section, { record, verdict, by }: FoundRow) {
    this.verdict = verdict;
    this.position = record % RECORDS_MAX;
    this.#section = section;
    this.#statement = Math.floor(record / RECORDS_MAX);
    this.#by = by;
  }

  get id(): string {
    return this.#section.text(this.#section.number(this.#section.columns.recordId, this.position));
  }

  get source(): string {
    return this.#section.text(
      Math.floor(this.#section.number(this.#section.columns.recordSource, this.position) / RECORD_TRAITS),
    );
  }

  get aliases(): readonly string[] {
    return this.#section.idsOf(this.position).aliases;
  }

  get upstream(): readonly string[] {
    return this.#section.idsOf(this.position).upstream;
  }

  get because(): HitReason {
    return typeof this.#by === 'number' ? { kind: 'range', range: this.#section.rangeOf(this.#by) } : this.#by;
  }

  get fixed(): string | null {
    const reason = this.because;
    return reason.kind === 'range' ? reason.range.fixed : null;
  }

  get level(): StatementTraits['level'] {
    return unpackStatement(this.#statement).level;
  }

  get noFix(): StatementTraits['noFix'] {
    return unpackStatement(this.#statement).noFix;
  }

  get isPaid(): boolean {
    return unpackStatement(this.#statement).isPaid;
  }

  get isPartial(): boolean {
    return unpackStatement(this.#statement).isPartial;
  }

  get malicious(): boolean {
    return this.#record.malicious;
  }

  get informational(): RecordTraits['informational'] {
    return this.#record.informational;
  }

  get #record(): RecordTraits {
    return unpackRecord(this.#section.number(this.#section.columns.recordSource, this.position) % RECORD_TRAITS);
  }
}
