import type { Row } from './row.ts';

/** When trouble would come: what is due in each 4 hours of the next 48, then on each day up to 14. */
export interface RunwayColumn {
  /** "4 h" … "48 h", "3 d" … "14 d": its end, from now. */
  readonly until: string;
  readonly atRisk: number;
  readonly onTrack: number;
}

const HOURS = Array.from({ length: 12 }, (_, index) => 4 * (index + 1));
const DAYS = Array.from({ length: 12 }, (_, index) => index + 3);

/** Columns of the rows whose clock runs; what is due later than 14 days is counted in the last. */
export function runway(rows: readonly Row[]): readonly RunwayColumn[] {
  const ends = [
    ...HOURS.map((hours) => ({ until: `${hours} h`, seconds: hours * 3600 })),
    ...DAYS.map((days) => ({ until: `${days} d`, seconds: days * 86_400 })),
  ];
  const columns = ends.map(({ until }) => ({ until, atRisk: 0, onTrack: 0 }));
  for (const row of rows) {
    if (row.leftSeconds === null || row.leftSeconds < 0) continue;
    const left = row.leftSeconds;
    const found = ends.findIndex(({ seconds }) => left <= seconds);
    const column = columns[found < 0 ? columns.length - 1 : found];
    if (column === undefined) continue;
    if (row.shown === 'at-risk') column.atRisk += 1;
    else column.onTrack += 1;
  }
  return columns;
}
