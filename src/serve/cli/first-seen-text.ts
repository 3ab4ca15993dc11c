import { spell } from '../../views/durations.ts';
import type { RecordSeen, SeenAt } from '../../views/first-seen.ts';
import { clean, second } from './layout.ts';

/** When each record was published and first named a fix; nothing where no record speaks of what the lines hold. */
export function firstSeenText(records: readonly RecordSeen[]): readonly string[] {
  if (records.length === 0) return [];
  return [
    '',
    '  when it became known (UTC)',
    ...records.flatMap(({ id, source, published, fixes }) => [
      `  ${second(published.at)}  ${clean(id)} published (${clean(source)})${width(published)}`,
      ...fixes.flatMap(({ component, branch, changes }) =>
        changes.map(
          (each) => `  ${second(each.at)}    ${clean(component)} ${clean(branch)}: ${clean(each.words)}${width(each)}`,
        ),
      ),
      ...(fixes.length === 0 ? [`  ${' '.repeat(20)}    no fix was ever named`] : []),
    ]),
  ];
}

function width({ withinSeconds }: SeenAt): string {
  return withinSeconds > 0 ? `, seen within ${spell(withinSeconds)}` : '';
}
