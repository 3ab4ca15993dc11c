import { asked } from './asked.ts';
import { groupsOf } from './groups-of.ts';
import type { IndexQuery } from './index-hit.ts';
import { RECORDS_MAX } from './layout.ts';
import type { Section } from './section.ts';

/** Places of all records of a section that speak of a package in a stream, whatever the version. */
export function recordsAbout(
  section: Section,
  { package: name, stream }: Omit<IndexQuery, 'version'>,
): readonly number[] {
  const records = new Set<number>();
  for (const group of groupsOf(section, asked({ package: name, stream, version: '' }))) {
    const { columns } = section;
    const runs = [
      [columns.groupIntervals, columns.intervalRecord],
      [columns.groupVersions, columns.versionRecord],
      [columns.groupOddRanges, columns.oddRecord],
      [columns.groupStated, columns.statedRecord],
    ] as const;
    for (const [starts, rows] of runs) {
      const [from, to] = section.run(starts, group);
      for (let row = from; row < to; row += 1) records.add(section.number(rows, row) % RECORDS_MAX);
    }
  }
  return [...records];
}
