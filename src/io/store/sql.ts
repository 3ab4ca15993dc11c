/**
 * A question in SQL that both engines understand, as its own text with `?1`, `?2` … for the parameters. What is only
 * read is asked in this way, so that a command that reads needs no more than the driver of its engine.
 */
export interface Sql {
  /** All rows, under the names of the text's columns: what `Row` says is for the text to keep. */
  all<Row>(text: string, parameters?: readonly SqlValue[]): Promise<readonly Row[]>;
}

export type SqlValue = string | number | null;
